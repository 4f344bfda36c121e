# SpamAssassin's Bayes alone, in one process: reads lines of "spam", "ham" or "score" and a mail message in base64,
# and answers each with a line. The first argument is the folder of its database.

use strict;
use warnings;
use Mail::SpamAssassin;
use MIME::Base64;

my ($folder) = @ARGV;
my $assassin = Mail::SpamAssassin->new({
    dont_copy_prefs => 1,
    local_tests_only => 1,
    userstate_dir => $folder,
    config_text => <<"CONFIG",
loadplugin Mail::SpamAssassin::Plugin::Check
loadplugin Mail::SpamAssassin::Plugin::Bayes
bayes_path $folder/bayes
bayes_auto_learn 0
bayes_auto_expire 0
bayes_min_ham_num 1
bayes_min_spam_num 1
bayes_ignore_header Message-ID
body BAYES eval:check_bayes('0.00', '1.00')
CONFIG
});
$assassin->init(1);
$assassin->init_learner({caller_will_untie => 1, wait_for_lock => 1});
$| = 1;
print "ready\n";

while (my $line = <STDIN>) {
    my ($task, $packed) = split ' ', $line;
    my $message = $assassin->parse(decode_base64($packed), 1);
    if ($task eq 'score') {
        my $status = $assassin->check($message);
        print $status->get_tag('BAYES'), "\n";
        $status->finish;
    } else {
        $assassin->learn($message, undef, $task eq 'spam', 0)->finish;
        print "learnt\n";
    }
    $message->finish;
}
$assassin->finish_learner;
$assassin->finish;

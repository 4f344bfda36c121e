"""The signals that Tumen looks for, each a small function. Points are log-odds; see docs/decisions/009-learner.md."""

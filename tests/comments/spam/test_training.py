"""Training beforehand: the same every time."""

from comments.scoring import sources
from comments.spam import Submission
from comments.spam.learner import Prior
from comments.spam.training import Example, train


def examples() -> list[Example]:
    spam = [Example(Submission(text=f"granite worktops number {number}"), spam=True) for number in range(10)]
    ham = [
        Example(Submission(text=f"my grandmother wrote letter {number}"), spam=False, weight=2.0)
        for number in range(10)
    ]
    return spam + ham


def test_the_same_examples_give_the_same_prior_that_tells_them_apart() -> None:
    trained = train(examples(), sources())

    assert train(examples(), sources()).dump() == trained.dump()
    assert Prior.parse(trained.dump()) == trained
    assert list(trained(Submission(text="granite worktops")))
    assert not list(trained(Submission(text="my grandmother wrote")))

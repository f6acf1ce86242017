"""Answers to try on the exercises: the right one of each, and one for every wrong answer that it knows."""

from salesmetrics.exercises.content import Question, Wrong, questions

ALL = list(questions().values())
WRONG = [(question, wrong) for question in ALL for wrong in question.wrong]
WRONG_IDS = [f"{question.id}-{wrong.mistake}" for question, wrong in WRONG]


def right(question: Question) -> object:
    """Give the right answer, as code would."""
    if question.kind == "table":
        return [cell.answer for cell in question.cells]
    if question.kind == "free":
        return "We call them first."
    return question.answer


def wrong(question: Question, wrong: Wrong) -> object:
    """Give an answer that shows this mistake and is otherwise as right as can be."""
    fits = wrong.fits
    if question.kind == "table":
        return [fits["value"] if cell.key == str(fits["cell"]) else cell.answer for cell in question.cells]
    if question.kind == "several":
        keys = {*question.answer.split(), fits.get("includes", "")} - {"", fits.get("lacks", "")}
        return sorted(keys)
    if question.kind == "order":
        earlier, later = fits["before"].split()
        order = question.answer.split()
        order.remove(earlier)
        order.insert(order.index(later), earlier)
        return order
    return fits.get("value", fits.get("choice", fits.get("levers")))

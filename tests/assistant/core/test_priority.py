import threading
import time

from assistant.core.priority import QuestionsFirst


def test_background_work_waits_until_the_last_question_is_answered() -> None:
    questions, order = QuestionsFirst(at_most_s=60), []

    def work() -> None:
        questions.give_way()
        order.append("work")

    with questions.question():
        with questions.question():
            thread = threading.Thread(target=work)
            thread.start()
        order.append("one answered")
    order.append("both answered")
    thread.join()
    assert order[0] == "one answered"
    assert "work" in order


def test_background_work_does_not_wait_where_nothing_is_asked() -> None:
    started = time.monotonic()
    QuestionsFirst(at_most_s=60).give_way()
    assert time.monotonic() - started < 30


def test_under_an_unbroken_stream_of_questions_the_work_goes_on() -> None:
    questions = QuestionsFirst(at_most_s=0.01)
    went_on = False
    with questions.question():
        questions.give_way()
        went_on = True
    assert went_on

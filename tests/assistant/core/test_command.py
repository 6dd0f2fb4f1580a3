from argparse import ArgumentParser, Namespace

import pytest

from assistant.core.command import run_command
from assistant.core.errors import AssistantError, EvalError, IndexLocked, SettingsError
from assistant.core.settings import Settings


def _parser(raised: BaseException | None = None) -> ArgumentParser:
    def run(settings: Settings, args: Namespace) -> int:
        assert isinstance(settings, Settings)
        if raised:
            raise raised
        return int(args.code)

    parser = ArgumentParser()
    parser.add_argument("code")
    parser.set_defaults(run=run)
    return parser


def test_a_command_gets_settings_and_arguments_and_gives_the_exit_code() -> None:
    assert run_command(_parser(), ["7"]) == 7


@pytest.mark.parametrize(
    ("error", "code"),
    [(SettingsError("mine"), 2), (IndexLocked("mine"), 3), (EvalError("mine"), 4)],
)
def test_an_error_meant_for_a_person_is_one_message_and_its_exit_code(
    error: AssistantError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(_parser(error), ["0"]) == code
    assert capsys.readouterr() == ("", "mine\n")


def test_an_interruption_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(_parser(KeyboardInterrupt()), ["1"]) == 0
    assert "Stopped" in capsys.readouterr().err


def test_a_fault_of_the_program_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run_command(_parser(ZeroDivisionError()), ["0"])

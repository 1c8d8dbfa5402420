"""What a program's own --help says, command by command. Everything else here is made of this, so that nothing is told twice."""

import dataclasses
import os
import re
import subprocess

COLUMN = 30  # where CLI11 begins a description; a longer name has its description on the next line


@dataclasses.dataclass
class Option:
    names: list[str]  # ["-h", "--help"], or one word for a positional
    value: str = ""  # what stands for the value; empty for a flag
    choices: list[str] = dataclasses.field(default_factory=list)
    default: str = ""
    limits: str = ""  # "1 - 32"
    text: str = ""
    required: bool = False
    repeated: bool = False
    needs: str = ""
    excludes: str = ""

    @property
    def may_be_file(self):
        return bool(self.value) and self.value not in ("INT", "UINT", "FLOAT") and not self.choices


@dataclasses.dataclass
class Command:
    path: list[str]  # ["enrollctl", "trust", "import"]
    text: str
    usage: str
    footer: str = ""
    positionals: list[Option] = dataclasses.field(default_factory=list)
    options: list[Option] = dataclasses.field(default_factory=list)
    commands: list["Command"] = dataclasses.field(default_factory=list)

    def everyone(self):
        """This command and all below it."""
        yield self
        for command in self.commands:
            yield from command.everyone()


class HelpFault(Exception):
    pass


def read_program(program):
    """The command line of the program at that path, as its --help and that of each of its commands tell it."""
    return _read_command(program, [os.path.basename(program)])


def _help_of(program, words):
    # The home and the language of whoever builds stand in no document.
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": "~", "LC_ALL": "C.UTF-8"}
    said = subprocess.run([program, *words, "--help"], capture_output=True, text=True, env=environment, timeout=60)
    if said.returncode != 0 or not said.stdout:
        raise HelpFault(f"{' '.join([program, *words])} --help ended with {said.returncode}: {said.stderr.strip()}")
    return said.stdout


def _read_command(program, path):
    text, names = parse_help(path, _help_of(program, path[1:]))
    text.commands = [_read_command(program, [*path, name]) for name in names]
    return text


def parse_help(path, help_text):
    """The command, still without the commands below it, and their names."""
    head, usage, rest = _split_usage(help_text)
    command = Command(path, head, usage)
    names = []
    footer = []
    section = None
    lines = rest.splitlines()
    while lines:
        line = lines.pop(0)
        if re.fullmatch(r"(Positionals|Options|Subcommands):", line):
            section = line[:-1]
        elif section and line.startswith("  ") and line.strip():
            label, text = _entry(line, lines)
            if section == "Subcommands":
                names.append(label)
            else:
                (command.options if section == "Options" else command.positionals).append(parse_option(label, text))
        elif line.strip():
            section = None
            footer.append(line)
    command.footer = "\n".join(footer)
    return command, names


def _split_usage(help_text):
    match = re.search(r"^Usage: (.*)$", help_text, re.MULTILINE)
    if not match:
        raise HelpFault("no line begins with Usage: " + help_text[:200])
    return help_text[: match.start()].strip(), match[1].strip(), help_text[match.end():]


def _entry(line, following):
    if following and following[0].startswith(" " * COLUMN):
        return line.strip(), following.pop(0).strip()
    return line[:COLUMN].strip(), line[COLUMN:].strip()


def parse_option(label, text):
    names, _, rest = label.partition(" ")
    option = Option(names.split(","), text=text)
    for word, member in (("Needs", "needs"), ("Excludes", "excludes")):
        if match := re.search(rf" ?{word}: (\S+)", rest):
            setattr(option, member, match[1])
            rest = rest.replace(match[0], "")
    option.required = bool(re.search(r"\bREQUIRED\b", rest))
    rest = re.sub(r" ?\bREQUIRED\b", "", rest)
    option.repeated = "..." in rest
    rest = rest.replace("...", "").strip()
    if match := re.search(r":\{([^}]*)\}", rest):
        option.choices = match[1].split(",")
        rest = rest.replace(match[0], "")
    if match := re.search(r":\w+ in \[([^\]]*)\]", rest):
        option.limits = match[1]
        rest = rest.replace(match[0], "")
    option.value, _, option.default = rest.strip().partition("=")
    return option

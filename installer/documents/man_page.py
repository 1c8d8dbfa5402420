"""A manual page of section 1 of what help_text read."""


def escape(text):
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")


def line(text):
    """A line of text: a dot in front would be a request."""
    escaped = escape(text)
    return "\\&" + escaped if escaped.startswith(".") else escaped


def man_page(program, version, others):
    """\\p program as a page; \\p others are the names of the programs that belong to it."""
    name = program.path[0]
    first = program.text.split(". ")[0].rstrip(".")
    lines = [f'.TH {name.upper()} 1 "" "Enrollment Station {version}" "User Commands"',
             ".SH NAME", f"{escape(name)} \\- {escape(first)}", ".SH SYNOPSIS"]
    for command in program.everyone():
        if not command.commands or command is program:
            lines += [f"\\fB{escape(' '.join(command.path))}\\fR {escape(_arguments_of(command))}", ".br"]
    lines += [".SH DESCRIPTION", line(program.text.rstrip(".") + ".")]
    lines += [".SH OPTIONS", *_options(program)]
    if program.commands:
        lines.append(".SH COMMANDS")
        for command in list(program.everyone())[1:]:
            lines += [f'.SS "{escape(" ".join(command.path[1:]))}"', line(command.text.rstrip(".") + ".")]
            lines += _options(command)
    if program.footer:
        lines.append(".SH EXIT STATUS" if program.footer.startswith("Exit") else ".SH NOTES")
        for paragraph in program.footer.splitlines():
            lines += [line(paragraph), ".br"]
    lines += [".SH SEE ALSO", ", ".join(f"\\fB{escape(other)}\\fR(1)" for other in others if other != name)]
    return "\n".join(lines) + "\n"


def _arguments_of(command):
    return command.usage.removeprefix(" ".join(command.path)).strip()


def _options(command):
    """Positionals and options. That every command has --help is told once."""
    shown = [*command.positionals, *(option for option in command.options
                                     if len(command.path) == 1 or "--help" not in option.names)]
    for option in shown:
        label = ", ".join(f"\\fB{escape(name)}\\fR" for name in option.names)
        if option in command.positionals:
            label = f"\\fI{escape(option.names[0])}\\fR"
        elif option.value:
            label += f" \\fI{escape('|'.join(option.choices) or option.value)}\\fR"
        yield ".TP"
        yield label
        yield line(". ".join([option.text.rstrip("."), *_rules(option)]) + ".")


def _rules(option):
    if option.required:
        yield "Required"
    if option.limits:
        yield option.limits.replace(" - ", " to ")
    if option.default:
        yield f"Default: {option.default}"
    if option.repeated and "several times" not in option.text and "repeated" not in option.text:
        yield "May be given several times"
    if option.needs:
        yield f"Needs {option.needs}"
    if option.excludes:
        yield f"Not with {option.excludes}"

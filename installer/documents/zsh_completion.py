"""A completion for zsh of what help_text read. It asks the program nothing as somebody types."""


def zsh_completion(program):
    name = program.path[0]
    lines = [f"#compdef {name}", f"# Completion of {name} for zsh, made of its own --help."]
    for command in program.everyone():
        lines += ["", f"{_function(command)}() {{", *_body(program, command), "}"]
    lines += ["", f'{_function(program)} "$@"']
    return "\n".join(lines) + "\n"


def _function(command):
    return "_" + "__".join(word.replace("-", "_") for word in command.path)


def _body(program, command):
    specs = [_option(option) for option in command.options]
    if command is not program:
        specs += [_option(option) for option in program.options if "--help" not in option.names]
    if not command.commands:
        specs += [f"'{'*' if option.repeated else ''}:{_plain(option.names[0])}:_files'" for option in command.positionals]
        return ["    _arguments -s \\", *_joined(specs)]
    specs += ["'1: :->command'", "'*:: :->rest'"]
    lines = ["    local curcontext=$curcontext state line", "    typeset -A opt_args", "    _arguments -s -C \\", *_joined(specs),
             "    case $state in", "    command)", "        local -a commands=("]
    lines += [f"            '{_plain(below.path[-1])}:{_plain(below.text)}'" for below in command.commands]
    lines += ["        )", "        _describe -t commands command commands ;;", "    rest)", "        case $line[1] in"]
    lines += [f"        {below.path[-1]}) {_function(below)} ;;" for below in command.commands]
    return [*lines, "        esac ;;", "    esac"]


def _joined(specs):
    return [f"        {spec} \\" for spec in specs[:-1]] + [f"        {specs[-1]}"]


def _option(option):
    text = f"[{_plain(option.text)}]"
    value = ""
    if option.value:
        value = f":{_plain(option.value)}:" + (f"({' '.join(option.choices)})" if option.choices else "_files" if option.may_be_file else " ")
    suffix = "=" if option.value else ""
    if option.repeated:
        return " ".join(f"'*{name}{suffix}{text}{value}'" for name in option.names)
    others = f"({' '.join([*option.names, *([option.excludes] if option.excludes else [])])})"
    return " ".join(f"'{others}{name}{suffix if name.startswith('--') else ''}{text}{value}'" for name in option.names)


def _plain(text):
    """Text between single quotes, in which a colon and square brackets end something."""
    for sign in "\\:[]":
        text = text.replace(sign, "\\" + sign)
    return text.replace("'", "'\\''")

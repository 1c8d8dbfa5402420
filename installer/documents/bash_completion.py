"""A completion for bash of what help_text read. It asks the program nothing as somebody types."""

import shlex

COMPLETER = r"""
{function}()
{{
    local cur=${{COMP_WORDS[COMP_CWORD]}} path='' commands='' options='' valued='' choices='' option='' word i
    {function}_at "$path"
    for ((i = 1; i < COMP_CWORD; ++i)); do
        word=${{COMP_WORDS[i]}}
        if [[ $option ]]; then
            [[ $word == '=' ]] || option=''
        elif [[ " $valued " == *" $word "* ]]; then
            option=$word
        elif [[ $word != -* && " $commands " == *" $word "* ]]; then
            path+=" $word"
            {function}_at "$path"
        fi
    done
    [[ $cur != '=' ]] || cur=''
    COMPREPLY=()
    if [[ $option ]]; then
        {function}_choices "$path" "$option"
        if [[ $choices ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur")
        else
            compopt -o default
        fi
    elif [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    elif [[ $commands ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur")
    else
        compopt -o default
    fi
}}
complete -F {function} {name}
"""


def bash_completion(program):
    name = program.path[0]
    function = "_" + name.replace("-", "_")
    lines = [f"# Completion of {name} for bash, made of its own --help.",
             "", "# What may stand behind the commands of $1: its commands, its options, and those of them that take a value.",
             f"{function}_at()", "{", '    case "$1" in']
    for command in program.everyone():
        options = _options_at(program, command)
        lines += [f"    {_pattern(command)})",
                  f"        commands={_quoted(below.path[-1] for below in command.commands)}",
                  f"        options={_quoted(name for option in options for name in option.names)}",
                  f"        valued={_quoted(name for option in options if option.value for name in option.names)} ;;"]
    lines += ["    esac", "}", "", "# The values that the option $2 of the command $1 takes, where it takes no others.",
              f"{function}_choices()", "{", '    choices=', '    case "$1 $2" in']
    for command in program.everyone():
        for option in _options_at(program, command):
            for name_of_option in option.names if option.choices else ():
                lines.append(f"    {shlex.quote(_place(command) + ' ' + name_of_option)}) choices={_quoted(option.choices)} ;;")
    lines += ["    *) ;;", "    esac", "}"]
    return "\n".join(lines) + COMPLETER.format(function=function, name=name)


def _options_at(program, command):
    """The program's options may stand behind a command, too."""
    return command.options if command is program else [*command.options,
                                                       *(option for option in program.options if "--help" not in option.names)]


def _place(command):
    return "".join(" " + word for word in command.path[1:])


def _pattern(command):
    return shlex.quote(_place(command))


def _quoted(words):
    return "'" + " ".join(words) + "'"

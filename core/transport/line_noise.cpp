#include "core/transport/line_noise.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace enroll::transport {
namespace {

constexpr char kEscape = '\x1B';
constexpr char kBell = '\a';

constexpr bool isSpace(char c) noexcept
{
    return c == ' ';
}

constexpr bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

constexpr bool isPrintable(char c) noexcept
{
    return c >= ' ' && c <= '~';
}

std::size_t countWhile(std::string_view text, bool (*is)(char)) noexcept
{
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

/// "login: ", "gateway login: ", "gateway console login: ", and "Password: " behind it. Not "Last login: Mon Nov 23" and
/// "Last failed login: …", which a shell greets with.
bool isLoginPrompt(std::string_view line)
{
    if (line.starts_with("Password:")) {
        return trimmed(line) == "Password:";
    }
    constexpr std::string_view kLogin = "login:";
    const auto at = asciiLowered(line).find(kLogin);
    if (at == std::string_view::npos) {
        return false;
    }
    const auto before = line.substr(0, at);
    const auto behind = line.substr(at + kLogin.size());
    const auto words = std::ranges::count(before, ' ');
    const bool isName = before.empty() || (words == 1 && before.ends_with(' ') && before != "Last ") ||
                        (words == 2 && before.ends_with(" console "));
    return isName && (behind.empty() || behind.starts_with(' '));
}

/// The seconds since its start in brackets, with which the kernel begins a line: "[   12.345678] ".
bool isKernelMessage(std::string_view line)
{
    if (line.size() > 2 && line[0] == '<' && isDigit(line[1])) { // its level: "<6>[", "<14>["
        line.remove_prefix(1 + countWhile(line.substr(1), isDigit));
        if (!line.starts_with(">[")) {
            return false;
        }
        line.remove_prefix(1);
    }
    if (line.starts_with("Kernel panic - not syncing")) {
        return true;
    }
    if (!line.starts_with('[')) {
        return false;
    }
    line.remove_prefix(1);
    line.remove_prefix(countWhile(line, isSpace));
    const auto seconds = countWhile(line, isDigit);
    line.remove_prefix(seconds);
    if (seconds == 0 || !line.starts_with('.')) {
        return false;
    }
    constexpr std::size_t kMicroseconds = 6;
    line.remove_prefix(1);
    return countWhile(line, isDigit) == kMicroseconds && line.substr(kMicroseconds).starts_with(']');
}

/// Its banner, its countdown, or the prompt behind it.
bool isBootLoader(std::string_view line)
{
    constexpr std::array<std::string_view, 4> kBegins{"U-Boot 20", "U-Boot SPL 20", "Hit any key to stop autoboot",
                                                      "GNU GRUB  version"};
    return std::ranges::any_of(kBegins, [line](auto begin) { return trimmed(line).starts_with(begin); }) ||
           line == "=> " || line == "U-Boot> ";
}

constexpr bool isOfName(char c) noexcept
{
    return isDigit(c) || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || c == '-' || c == '_' || c == '.';
}

/// "root@gateway:~# ", "pi@gateway:/tmp $ ", "[root@gateway ~]# ": whatever was typed behind it.
bool beginsWithUserAndHost(std::string_view line)
{
    const bool isBracketed = line.starts_with('[');
    line.remove_prefix(isBracketed ? 1 : 0);
    const auto user = countWhile(line, isOfName);
    line.remove_prefix(user);
    if (user == 0 || !line.starts_with('@')) {
        return false;
    }
    line.remove_prefix(1);
    const auto host = countWhile(line, isOfName);
    line.remove_prefix(host);
    if (host == 0 || !line.starts_with(isBracketed ? ' ' : ':')) {
        return false;
    }
    line.remove_prefix(1);
    if (!line.starts_with('~') && !line.starts_with('/') && !isBracketed) {
        return false;
    }
    const auto end = line.find_first_of("#$");
    const auto sign = line.substr(0, end);
    return end != std::string_view::npos && line.substr(end + 1).starts_with(' ') &&
           (isBracketed ? sign.ends_with(']') : sign.find_first_of("*?<>|&;") == std::string_view::npos);
}

/// "# ", "~ # ", "/ # ", "/etc $ ", "sh-5.1# ", "console:/ # ", and nothing behind it: a few characters, so that anything
/// more makes it a text.
bool isBarePrompt(std::string_view line)
{
    if (!line.ends_with("# ") && !line.ends_with("$ ")) {
        return false;
    }
    line.remove_suffix(2);
    const auto shell = line.find("sh-");
    if (shell <= 2) { // sh, ash, bash; npos is far more
        const auto version = line.substr(shell + 3);
        return !version.empty() && std::ranges::all_of(version, [](char c) { return isDigit(c) || c == '.'; });
    }
    if (line.empty()) {
        return true;
    }
    if (!line.ends_with(' ')) {
        return false;
    }
    line.remove_suffix(1);
    if (const auto colon = line.find(':'); colon != std::string_view::npos) { // Android: the board's name
        if (colon == 0 || countWhile(line, isOfName) != colon) {
            return false;
        }
        line.remove_prefix(colon + 1);
    }
    const bool isPlace = line.starts_with('/') || line.starts_with('~');
    return isPlace && line.find(' ') == std::string_view::npos;
}

/// What a line speaks of that may yet go on.
std::optional<LineTalk> talkOf(std::string_view line, bool isOver)
{
    if (isLoginPrompt(line)) {
        return LineTalk::LoginPrompt;
    }
    if (isKernelMessage(line)) {
        return LineTalk::KernelMessages;
    }
    if (isBootLoader(line)) {
        return LineTalk::BootLoader;
    }
    const bool isShell = beginsWithUserAndHost(line) || (!isOver && isBarePrompt(line)) ||
                         trimmed(line) == "Please press Enter to activate this console.";
    return isShell ? std::optional{LineTalk::ShellPrompt} : std::nullopt;
}

} // namespace

std::string_view lineTalkText(LineTalk talk) noexcept
{
    switch (talk) {
    case LineTalk::LoginPrompt:
        return "a login prompt";
    case LineTalk::ShellPrompt:
        return "the prompt of a shell";
    case LineTalk::KernelMessages:
        return "messages of the kernel";
    case LineTalk::BootLoader:
        break;
    }
    return "a boot loader";
}

void LineNoise::take(std::string_view text)
{
    for (const char c : text) {
        if (isOfEscape(c)) {
            continue;
        }
        if (c == '\r' || c == '\n') {
            if (const auto talk = talkOf(m_line, true)) {
                m_earlier = talk;
            }
            m_line.clear();
            m_isLonger = false;
            continue;
        }
        if (!isPrintable(c)) {
            continue;
        }
        m_isLonger = m_isLonger || m_line.size() == kLongestLine;
        if (!m_isLonger) {
            m_line.push_back(c);
        }
    }
}

std::optional<LineTalk> LineNoise::found() const
{
    const auto talk = talkOf(m_line, m_isLonger);
    return talk ? talk : m_earlier;
}

/// Source: ECMA-48, 5.4 "Control sequences" and 5.6 "Control strings"; xterm ends a string with BEL as well.
bool LineNoise::isOfEscape(char c) noexcept
{
    const bool wasWithin = m_escape != Escape::None;
    if (c == '\r' || c == '\n') { // noise may look like the beginning of a sequence: it hides a line at most
        m_escape = Escape::None;
        return false;
    }
    switch (m_escape) {
    case Escape::None:
        m_escape = c == kEscape ? Escape::Begun : Escape::None;
        break;
    case Escape::Begun:
        m_escape = c == '[' ? Escape::Sequence : c == ']' ? Escape::String : Escape::None;
        break;
    case Escape::Sequence: // ends with a letter or its like
        m_escape = c >= '@' && c <= '~' ? Escape::None : Escape::Sequence;
        break;
    case Escape::String:
        m_escape = c == kBell ? Escape::None : c == kEscape ? Escape::StringEnds : Escape::String;
        break;
    case Escape::StringEnds:
        m_escape = c == '\\' ? Escape::None : Escape::String;
        break;
    }
    return wasWithin || m_escape != Escape::None;
}

} // namespace enroll::transport

#include "core/transport/ssh_address.h"

#include "core/base/host_text.h"
#include "core/base/written_text.h"
#include "core/transport/address_fault.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace enroll::transport {
namespace {

constexpr std::string_view kCommandIs = "command=";
constexpr std::string_view kJumpIs = "jump=";
constexpr std::size_t kLongestUser = 32; // useradd(8)
/// What stands for itself in a written command beside letters and digits.
constexpr std::string_view kPlain = "-._~/:=,@+";

bool isLetterOrDigit(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isInUser(char c) noexcept
{
    return isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
}

Result<std::string> parseUser(std::string_view user)
{
    if (user.empty() || user.size() > kLongestUser || user.front() == '-' || !std::ranges::all_of(user, isInUser)) {
        return addressFault("user " + quoted(user) + " is no name of an account");
    }
    return std::string{user};
}

/// The character that \p two hexadecimal digits stand for, if it is one of a command.
Result<char> parseEscaped(std::string_view two)
{
    unsigned value = 0;
    const auto [end, status] = std::from_chars(two.data(), two.data() + two.size(), value, 16);
    if (two.size() != 2 || status != std::errc{} || end != two.data() + two.size() || value < ' ' || value > '~') {
        return addressFault("'%" + std::string{two} + "' in the command stands for no printable ASCII character");
    }
    return static_cast<char>(value);
}

Result<std::string> parseCommand(std::string_view text)
{
    if (const auto more = text.find('#'); more != std::string_view::npos) {
        return addressFault("behind the command stands " + quoted(text.substr(more)) +
                            ", and %23 is written for a \"#\" in it");
    }
    std::string command;
    while (!text.empty()) {
        const bool escaped = text.front() == '%';
        TRY_ASSIGN(const auto c, escaped ? parseEscaped(text.substr(1, 2)) : Result<char>{text.front()});
        command += c;
        text.remove_prefix(escaped ? 3 : 1);
    }
    if (isBlank(command)) {
        return addressFault("the command is empty");
    }
    return command;
}

/// "[USER@]HOST[:PORT]"
Result<SshLogin> parseLogin(std::string_view text)
{
    SshLogin login;
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        TRY_ASSIGN(login.user, parseUser(text.substr(0, at)));
        text.remove_prefix(at + 1);
    }
    TRY_ASSIGN(login.place, parseTcpAddressWithUsualPort(text, kSshPort));
    return login;
}

std::string loginText(const TcpAddress& place, const std::string& user)
{
    const auto host = place.port == kSshPort ? bracketedHost(place.host) : tcpAddressText(place);
    return user.empty() ? host : user + "@" + host;
}

/// One of the settings behind the "?", each of which stands there once.
Result<void> readSetting(std::string_view setting, SshAddress& address)
{
    if (setting.starts_with(kJumpIs) && !address.jump) {
        TRY_ASSIGN(address.jump, parseLogin(setting.substr(kJumpIs.size())));
        return {};
    }
    if (setting.starts_with(kCommandIs) && address.command.empty()) {
        TRY_ASSIGN(address.command, parseCommand(setting.substr(kCommandIs.size())));
        return {};
    }
    return addressFault(
        "behind the host stands " + quoted(setting) +
        "; only jump=HOST and command=COMMAND may stand there, each once, and %26 is written for an \"&\" "
        "in a command");
}

std::string written(std::string_view command)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text;
    for (const char c : command) {
        if (isLetterOrDigit(c) || kPlain.find(c) != std::string_view::npos) {
            text += c;
        } else {
            const auto value = static_cast<unsigned char>(c);
            text += '%';
            text += kDigits[value / 16];
            text += kDigits[value % 16];
        }
    }
    return text;
}

} // namespace

Result<SshAddress> parseSshAddress(std::string_view text)
{
    auto mark = std::min(text.find('?'), text.size());
    TRY_ASSIGN(auto login, parseLogin(text.substr(0, mark)));
    SshAddress address{std::move(login.place), std::move(login.user)};
    while (mark < text.size()) {
        const auto end = std::min(text.find('&', mark + 1), text.size());
        TRY(readSetting(text.substr(mark + 1, end - mark - 1), address));
        mark = end;
    }
    if (address.command == kUsualRelay) { // one device has one address, whether the usual command stands in it or not
        address.command.clear();
    }
    return address;
}

std::string sshAddressText(const SshAddress& address)
{
    auto text = loginText(address.place, address.user);
    char mark = '?';
    if (const auto& jump = address.jump) {
        text.append(1, std::exchange(mark, '&')).append(kJumpIs).append(loginText(jump->place, jump->user));
    }
    if (!address.command.empty()) {
        text.append(1, mark).append(kCommandIs).append(written(address.command));
    }
    return text;
}

} // namespace enroll::transport

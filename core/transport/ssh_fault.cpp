#include "core/transport/ssh_fault.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/system/child_process.h"
#include "core/transport/ssh_command.h"
#include "core/transport/tcp_connect.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace enroll::transport {
namespace {

constexpr const char* kLogin = "SSH login";
constexpr std::size_t kMostSaid = 300;
constexpr std::size_t kMostLines = 3; // of them the last ones

/// The lines that are not blank, each trimmed().
std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (const auto line = trimmed(text.substr(0, end)); !line.empty()) {
            lines.push_back(line);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool contains(std::string_view text, std::string_view part) noexcept
{
    return text.find(part) != std::string_view::npos;
}

/// "ssh: connect to host gw-7 port 22: Connection refused": the number of errno that the client names.
/// Source: OpenSSH, sshconnect.c, ssh_connect_direct()
std::optional<int> connectFaultIn(std::string_view line)
{
    constexpr std::array kKnown{ECONNREFUSED, ECONNRESET,    EHOSTUNREACH, ETIMEDOUT, ENETUNREACH, ENETDOWN,
                                EHOSTDOWN,    EADDRNOTAVAIL, EACCES,       EPERM,     EINVAL,      ECONNABORTED};
    if (!line.starts_with("ssh: connect to host ")) {
        return std::nullopt;
    }
    const auto* found = std::ranges::find_if(kKnown, [line](int number) {
        return line.ends_with(std::string{": "} + ::strerrordesc_np(number)); // untranslated, as the client says it
    });
    return found == kKnown.end() ? EIO : *found;
}

Error loginError(ErrorCode code, std::string what)
{
    return makeError(code, std::move(what), kLogin);
}

/// The one that says most of a host key that was refused.
/// Source: OpenSSH, sshconnect.c, check_host_key()
Error hostKeyFault(std::string_view said)
{
    if (contains(said, "was revoked and you have requested strict checking")) {
        return loginError(StationCode::HostKeyChanged,
                          "the host shows a key that agent.known_hosts_file says is revoked");
    }
    if (contains(said, "has changed and you have requested strict checking")) {
        return loginError(
            StationCode::HostKeyChanged,
            "the host shows another key than agent.known_hosts_file has for it: it was installed anew, or is "
            "another machine");
    }
    return loginError(
        StationCode::HostKeyUnknown,
        "agent.known_hosts_file has no key of this host: compare the key that `ssh-keyscan` shows with the "
        "device's own, and add it");
}

/// What the client says of the station's key before the host refuses it: "Load key …: bad permissions".
std::string_view keyFaultIn(const std::vector<std::string_view>& lines)
{
    const auto found = std::ranges::find_if(lines, [](std::string_view line) { return line.starts_with("Load key "); });
    return found == lines.end() ? std::string_view{} : *found;
}

bool isRefusal(const std::vector<std::string_view>& lines)
{
    constexpr std::string_view kTooMany = ": Too many authentication failures";
    const auto last = lines.back();
    const bool disconnected = lines.size() > 1 && last.starts_with("Disconnected from ");
    return (contains(last, ": Permission denied (") && last.ends_with(").")) ||
           (disconnected && lines[lines.size() - 2].ends_with(kTooMany));
}

/// What one client means by \p lines, the last words of what was \p said.
Error clientFault(const std::vector<std::string_view>& lines, std::string_view said)
{
    const auto last = lines.back();
    if (last == "Host key verification failed.") {
        return hostKeyFault(said);
    }
    if (const auto number = connectFaultIn(last)) {
        return makeError(codeOfConnectFault(*number), "no connection", kLogin, Errno{*number});
    }
    if (last.starts_with("ssh: Could not resolve hostname ")) {
        return loginError(StationCode::StationCannotReachPort,
                          withSaid("correct the name, or write the numeric address", last));
    }
    if (isRefusal(lines)) {
        return loginError(
            StationCode::LoginRefused,
            withSaid("the host does not let this station's key in: its public half belongs into authorized_keys of "
                     "the account there, and the key has no passphrase",
                     keyFaultIn(lines)));
    }
    if (last.starts_with("Connection ") &&
        (contains(last, "timed out during banner exchange") || last.ends_with(" timed out"))) {
        return loginError(DeviceCode::TpmTimedOut, "the host did not begin the SSH login in time");
    }
    return loginError(StationCode::LoginImpossible, withSaid("no login", said));
}

/// Takes away what a client says whose way has ended: the one by way of a jump host, about an address that it does not know. True
/// if it said so, and the client that logged in there had the last word. Source: OpenSSH, packet.c, ssh_remote_ipaddr()
bool takeEndOfWay(std::vector<std::string_view>& lines)
{
    if (!contains(lines.back(), " UNKNOWN port 65535")) {
        return false;
    }
    lines.pop_back();
    if (!lines.empty() && lines.back().starts_with("kex_exchange_identification: ")) {
        lines.pop_back();
    }
    return true;
}

/// Source: OpenSSH, clientloop.c and ssh.c, ssh_stdio_confirm()
Error jumpFault(const std::vector<std::string_view>& lines, std::string_view said)
{
    if (lines.empty()) {
        return loginError(StationCode::LoginImpossible, "the login at the jump host ended, and `ssh` does not say why");
    }
    if (lines.back() == "stdio forwarding failed") {
        const auto why = lines.size() > 1 ? lines[lines.size() - 2] : lines.back();
        return contains(why, ": open failed: connect failed: ")
                   ? loginError(DeviceCode::NoTpmAnswers, withSaid("the jump host reaches nobody there", why))
                   : loginError(StationCode::LoginImpossible,
                                withSaid("the jump host joins nobody to the device", why));
    }
    auto error = clientFault(lines, said);
    if (error.code.family() != CodeFamily::Station) {
        error.code = StationCode::StationCannotReachPort; // a jump host is no device
    }
    return prefixed("jump host: ", std::move(error));
}

/// Nothing with which a TPM's response begins, 0x80 or 0x00. Source: TPM 2.0 Library Part 2, "TPM_ST (Structure Tags)".
bool beginsText(char c) noexcept
{
    constexpr std::string_view kBlanks = " \t\r\n\x1b"; // the last: of an escape sequence
    const auto value = static_cast<unsigned char>(c);
    const bool beginsUtf8 = value >= 0xC2 && value <= 0xF4;
    return (c > ' ' && c <= '~') || kBlanks.find(c) != std::string_view::npos || beginsUtf8;
}

} // namespace

std::string withSaid(std::string what, std::string_view said)
{
    auto lines = linesOf(said);
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(std::min(lines.size(), kMostLines)));
    return lines.empty() ? what : what + ": " + shownText(joined(lines, "; "), kMostSaid);
}

Error sshLoginFault(const SshStatus& status, std::string_view said)
{
    auto lines = linesOf(said);
    if (lines.empty()) {
        return status == system::kExitNotFound
                   ? loginError(StationCode::StationCannotReachPort, kNoSshClient)
                   : loginError(StationCode::LoginImpossible, "the login ended, and `ssh` does not say why");
    }
    return takeEndOfWay(lines) ? jumpFault(lines, said) : clientFault(lines, said);
}

Error sshRelayFault(const SshStatus& status, std::string_view said, bool answered)
{
    constexpr int kMayNotBeRun = 126; // as every shell has it, and 127 for what is missing
    constexpr int kOwnFault = 255;
    if (!answered && (status == kMayNotBeRun || status == system::kExitNotFound)) {
        return makeError(StationCode::RelayMissing, withSaid("the relay cannot be run on the device", said), "SSH");
    }
    const bool isLine = !status || *status == kOwnFault;
    return makeError(DeviceCode::NoTpmAnswers,
                     withSaid(isLine ? std::string{"the SSH connection broke"}
                                     : "the relay on the device ended with status " + std::to_string(*status),
                              said),
                     "SSH");
}

std::optional<Error> textBeforeAnswer(ByteView first)
{
    const auto text = asText(first);
    if (text.empty() || !beginsText(text.front())) {
        return std::nullopt;
    }
    return makeError(StationCode::TextBeforeAnswer, withSaid("the login prints where a response belongs", text), "SSH");
}

} // namespace enroll::transport

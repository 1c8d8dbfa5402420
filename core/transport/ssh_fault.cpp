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
constexpr int kOwnFault = 255; ///< the status of a client that ends by its own fault, or by a signal at the far end
constexpr std::size_t kMostSaid = 300;
constexpr std::size_t kMostLines = 3; ///< the last ones are shown

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

/// The number of errno whose sentence \p text is, untranslated, as OpenSSH says it at either end.
std::optional<int> connectFaultNamed(std::string_view text)
{
    constexpr std::array kKnown{ECONNREFUSED, ECONNRESET,    EHOSTUNREACH, ETIMEDOUT, ENETUNREACH, ENETDOWN,
                                EHOSTDOWN,    EADDRNOTAVAIL, EACCES,       EPERM,     EINVAL,      ECONNABORTED};
    const auto* found = std::ranges::find_if(kKnown, [text](int number) { return text == ::strerrordesc_np(number); });
    return found == kKnown.end() ? std::nullopt : std::optional{*found};
}

/// "ssh: connect to host gw-7 port 22: Connection refused": one for each address of the host's.
/// Source: OpenSSH, sshconnect.c, ssh_connect_direct()
bool saysNoConnection(std::string_view line) noexcept
{
    return line.starts_with("ssh: connect to host ");
}

/// The number of errno that such a line names.
int connectFaultIn(std::string_view line)
{
    constexpr std::string_view kBefore = ": ";
    const auto mark = line.rfind(kBefore);
    const auto named =
        mark == std::string_view::npos ? std::nullopt : connectFaultNamed(line.substr(mark + kBefore.size()));
    return named.value_or(EIO);
}

Error loginError(ErrorCode code, std::string what)
{
    return makeError(code, std::move(what), kLogin);
}

/// Why the client refused the host key, as exactly as it says.
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

/// Whether one client waited for the host's greeting, and nothing else came: "Connection timed out during banner exchange", behind which
/// a newer client says "Connection to 10.7.3.18 port 22 timed out". Source: OpenSSH, kex.c, kex_exchange_identification()
bool isSilence(std::vector<std::string_view> lines)
{
    if (lines.size() > 1 && lines.back().starts_with("Connection to ") && lines.back().ends_with(" timed out")) {
        lines.pop_back();
    }
    return lines.back() == "Connection timed out during banner exchange" &&
           std::all_of(lines.begin(), lines.end() - 1, saysNoConnection); // of the addresses before
}

/// What one client means by \p lines, the last words of what was \p said. What may be the device's fault is said before any host
/// says a word, so that nothing else stands there.
Error clientFault(const std::vector<std::string_view>& lines, std::string_view said)
{
    const auto last = lines.back();
    if (last == "Host key verification failed.") {
        return hostKeyFault(said);
    }
    if (std::ranges::all_of(lines, saysNoConnection)) {
        const auto number = connectFaultIn(last);
        return makeError(codeOfConnectFault(number), "no connection", kLogin, Errno{number});
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
    if (isSilence(lines)) {
        return loginError(DeviceCode::TpmTimedOut, "the host did not begin the SSH login in time");
    }
    return loginError(StationCode::LoginImpossible, withSaid("no login", said));
}

/// Takes away what a client says whose way ended before anybody greeted it: the one by way of a jump host, about an address that it
/// does not know. True if it said so, and the client that logged in there had the last word. Whole lines: a device that has
/// greeted may say any part of one.
/// Source: OpenSSH, packet.c, ssh_remote_ipaddr() and sshpkt_vfatal(); kex.c, kex_exchange_identification()
bool takeEndOfWay(std::vector<std::string_view>& lines)
{
    if (lines.back() == "banner exchange: Connection to UNKNOWN port 65535: Broken pipe") {
        lines.pop_back();
        return true;
    }
    const bool hasEnded = lines.back() == "Connection closed by UNKNOWN port 65535" ||
                          lines.back() == "Connection reset by UNKNOWN port 65535";
    if (!hasEnded || lines.size() < 2 || !lines[lines.size() - 2].starts_with("kex_exchange_identification: ")) {
        return false;
    }
    lines.resize(lines.size() - 2);
    return true;
}

/// Why the jump host joined nobody to the device; \p why is "channel 0: open failed: connect failed: Connection refused".
/// Source: OpenSSH, channels.c, channel_input_open_failure(); at the far end channel_connect_to_port(), which says as well that it
/// does not know the name
Error notJoined(std::string_view why)
{
    constexpr std::string_view kNobody = "channel 0: open failed: connect failed: ";
    const auto number = why.starts_with(kNobody) ? connectFaultNamed(why.substr(kNobody.size())) : std::nullopt;
    return number ? makeError(codeOfConnectFault(*number), withSaid("the jump host reaches nobody there", why), kLogin,
                              Errno{*number})
                  : loginError(StationCode::LoginImpossible, withSaid("the jump host joins nobody to the device", why));
}

/// Of the client that logs in at the jump host, which is no device. Source: OpenSSH, clientloop.c and ssh.c, ssh_stdio_confirm()
Error jumpFault(const std::vector<std::string_view>& lines, std::string_view said)
{
    if (lines.empty()) {
        return loginError(StationCode::LoginImpossible, "the login at the jump host ended, and `ssh` does not say why");
    }
    if (lines.back() == "stdio forwarding failed") {
        return notJoined(lines.size() > 1 ? lines[lines.size() - 2] : lines.back());
    }
    auto error = clientFault(lines, said);
    return prefixed("jump host: ", error.code.family() == CodeFamily::Station
                                       ? std::move(error)
                                       : recoded(std::move(error), StationCode::StationCannotReachPort));
}

/// Of the device's client, whose way goes by a jump host. Nobody knows then who of both is silent.
Error faultBehindJump(const std::vector<std::string_view>& lines, std::string_view said)
{
    auto error = clientFault(lines, said);
    return error.code.family() == CodeFamily::Station
               ? error
               : loginError(StationCode::LoginImpossible, withSaid("behind the jump host no SSH login began", said));
}

/// Whether the host's own words may be the last: the client gives them as they came, and the host's newlines with them.
/// Source: OpenSSH, packet.c, sshpkt_vfatal(), "Their offer"
bool endsInWordsOfTheHost(const std::vector<std::string_view>& lines)
{
    return std::ranges::any_of(lines,
                               [](std::string_view line) { return line.starts_with("Unable to negotiate with "); });
}

/// Nothing with which a TPM's response begins, 0x80 or 0x00. Source: TPM 2.0 Library Part 2, "TPM_ST (Structure Tags)".
bool beginsText(char c) noexcept
{
    constexpr std::string_view kBlanks = " \t\r\n\x1b"; // and the byte with which an escape sequence begins
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

Error sshLoginFault(const SshStatus& status, std::string_view said, SshWay way)
{
    auto lines = linesOf(said);
    if (lines.empty()) {
        return status == system::kExitNotFound
                   ? loginError(StationCode::StationCannotReachPort, kNoSshClient)
                   : loginError(StationCode::LoginImpossible, "the login ended, and `ssh` does not say why");
    }
    if (status != kOwnFault || endsInWordsOfTheHost(lines)) { // the last words may be anybody's
        return loginError(StationCode::LoginImpossible, withSaid("no login", said));
    }
    if (way == SshWay::Direct) {
        return clientFault(lines, said);
    }
    return takeEndOfWay(lines) ? jumpFault(lines, said) : faultBehindJump(lines, said);
}

Error sshRelayFault(const SshStatus& status, std::string_view said, bool answered, SshWay way)
{
    constexpr int kMayNotBeRun = 126; // as every shell has it, and 127 for what is missing; kUsualRelay says it, too
    if (!answered && (status == kMayNotBeRun || status == system::kExitNotFound)) {
        return makeError(StationCode::RelayMissing,
                         withSaid("the relay cannot be run on the device, or may not open the TPM", said), "SSH");
    }
    if (status && *status != kOwnFault) {
        return makeError(DeviceCode::NoTpmAnswers,
                         withSaid("the relay on the device ended with status " + std::to_string(*status), said), "SSH");
    }
    const auto broke = [said](ErrorCode code, const char* what) {
        return makeError(code, withSaid(what, said), "SSH");
    };
    if (!status) {
        return broke(StationCode::LoginImpossible, "`ssh` closed its output, and does not end");
    }
    return way == SshWay::Direct
               ? broke(DeviceCode::NoTpmAnswers, "the SSH connection broke")
               : broke(StationCode::LoginImpossible, "the SSH connection by way of the jump host broke");
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

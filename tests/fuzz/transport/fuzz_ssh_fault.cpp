// What OpenSSH's client says, a device's own words among it: no host makes its login a fault of the device, and what is told is fit for
// a terminal.

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/transport/ssh_fault.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::transport;

namespace {

constexpr int kOwnFault = 255;
constexpr int kKilled = 137;

void require(bool condition)
{
    if (!condition) {
        std::abort();
    }
}

void requirePrintable(const Error& error)
{
    require(printableText(error.what) == error.what && error.what.size() < 4'000);
}

/// Such a code comes of the client's own sentences alone, which no host can have it say.
bool mayBeTheDevices(std::string_view said, SshWay way)
{
    const auto has = [said](std::string_view part) { return said.find(part) != std::string_view::npos; };
    return way == SshWay::Direct
               ? has("ssh: connect to host ") || has("Connection timed out during banner exchange")
               : has("open failed: connect failed: ") && has("stdio forwarding failed") && has("UNKNOWN port 65535");
}

/// The client's last sentence decides, whatever a host had it say before.
void requireItsLastWord(std::string_view said, SshWay way)
{
    const bool isOffer = said.find("Unable to negotiate with ") != std::string_view::npos;
    const auto with = [said, way](const char* last) {
        return sshLoginFault(kOwnFault, std::string{said} + "\n" + last, way).code;
    };
    const auto key = with("Host key verification failed.\r\n");
    require(key == StationCode::HostKeyUnknown || key == StationCode::HostKeyChanged || isOffer);
    require(with("x@h: Permission denied (publickey).\r\n") == StationCode::LoginRefused || isOffer);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const int status = data[0];
    const auto bytes = std::as_bytes(std::span{data, size}).subspan(1);
    const auto said = asText(bytes);

    for (const auto way : {SshWay::Direct, SshWay::ByJumpHost}) {
        const auto login = sshLoginFault(status, said, way);
        requirePrintable(login);
        require(login.code.family() == CodeFamily::Station || (status == kOwnFault && mayBeTheDevices(said, way)));
        // Whatever ended the client, or whatever the host offers, speaks against no device.
        require(sshLoginFault(kKilled, said, way).code.family() == CodeFamily::Station);
        require(
            sshLoginFault(kOwnFault, "Unable to negotiate with h port 22: " + std::string{said}, way).code.family() ==
            CodeFamily::Station);
        // Nor does anything that a host had its client say before these.
        for (const std::string_view last :
             {"Disconnected from UNKNOWN port 65535\r\n", "Disconnected from h port 22\r\n",
              "Connection to h port 22 timed out\r\n"}) {
            require(sshLoginFault(kOwnFault, std::string{said} + "x\n" + std::string{last}, way).code.family() ==
                    CodeFamily::Station);
        }
        requireItsLastWord(said, way);
        for (const bool answered : {false, true}) {
            const auto relay = sshRelayFault(status, said, answered, way);
            requirePrintable(relay);
            const bool isLine = status == kOwnFault && way == SshWay::ByJumpHost;
            require(isLine ? relay.code == StationCode::LoginImpossible
                           : relay.code == DeviceCode::NoTpmAnswers ||
                                 (relay.code == StationCode::RelayMissing && !answered));
        }
    }
    if (const auto text = textBeforeAnswer(bytes)) {
        requirePrintable(*text);
        require(bytes.front() != std::byte{0x80} && bytes.front() != std::byte{0});
    }
    return 0;
}

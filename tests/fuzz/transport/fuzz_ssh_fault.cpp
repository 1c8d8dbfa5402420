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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const int status = data[0];
    const auto bytes = std::as_bytes(std::span{data, size}).subspan(1);
    const auto said = asText(bytes);

    const auto login = sshLoginFault(status, said);
    requirePrintable(login);
    require(login.code.family() == CodeFamily::Station || login.code == DeviceCode::NoTpmAnswers ||
            login.code == DeviceCode::TpmTimedOut);
    // The client's last sentence decides, whatever a host had it say before.
    const auto refused = sshLoginFault(status, std::string{said} + "\nHost key verification failed.\r\n");
    require(refused.code == StationCode::HostKeyUnknown || refused.code == StationCode::HostKeyChanged);
    require(
        sshLoginFault(status, std::string{said} + "\nssh: connect to host h port 22: Connection refused\r\n").code ==
        DeviceCode::NoTpmAnswers);
    require(sshLoginFault(status, std::string{said} + "\nx@h: Permission denied (publickey).\r\n").code ==
            StationCode::LoginRefused);

    for (const bool answered : {false, true}) {
        const auto relay = sshRelayFault(status, said, answered);
        requirePrintable(relay);
        require(relay.code == DeviceCode::NoTpmAnswers || (relay.code == StationCode::RelayMissing && !answered));
    }
    if (const auto text = textBeforeAnswer(bytes)) {
        requirePrintable(*text);
        require(bytes.front() != std::byte{0x80} && bytes.front() != std::byte{0});
    }
    return 0;
}

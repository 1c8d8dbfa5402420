#include "app/wiring/device.h"

#include "core/base/recoded.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/tpm/presence_probe.h"
#include "core/transport/ssh_command.h"
#include "core/transport/tls_context.h"

namespace enroll::app::wiring {
namespace {

/// For one look at a slot.
constexpr std::chrono::milliseconds kPatience{500};
/// For a login by SSH, its keys and the start of a relay, which take a small processor seconds: in a test, and in a look that asks
/// who the device is.
constexpr std::chrono::seconds kLoginInTest{20};
constexpr std::chrono::seconds kLoginInLook{5};

bool needsLogin(const AllowedAddress& address)
{
    return std::holds_alternative<transport::SshAddress>(address.value());
}

/// Nobody logs in to look whether a device is there: its server greets before that, or it does not. Behind a jump host it greets
/// nobody but who has logged in there.
std::chrono::milliseconds patienceFor(const AllowedAddress& address)
{
    return tpm::isBehindJumpHost(address.value()) ? kLoginInLook : kPatience;
}

std::optional<tpm::DeviceAnswer> answerOf(const AllowedAddress& address, const std::stop_token& stop)
{
    if (!needsLogin(address) || tpm::isBehindJumpHost(address.value())) {
        return tpm::askDevice(address.value(), patienceFor(address), stop, address.files());
    }
    const auto isThere = tpm::tpmAnswers(address.value(), kPatience, stop, address.files());
    if (isThere != true) {
        return isThere ? std::optional{tpm::DeviceAnswer{}} : std::nullopt;
    }
    return tpm::askDevice(address.value(), kLoginInLook, stop, address.files());
}

} // namespace

Result<AllowedAddress> requireAllowedAddress(const std::string& text, const enrollment::ProductProfile& profile,
                                             const transport::AgentFiles& files)
{
    TRY_ASSIGN(auto address, transport::parseDeviceAddress(text));
    TRY(prefixed("device " + text + ": ",
                 enrollment::requireAllowedTransport(profile, transport::transportWord(address))));
    if (std::holds_alternative<transport::TlsAddress>(address)) {
        TRY(prefixed("device " + text + ": ", transport::requireNamed(files, transport::TlsRole::Station)));
    }
    if (std::holds_alternative<transport::SshAddress>(address)) {
        TRY(prefixed("device " + text + ": ", transport::requireNamedForSsh(files)));
    }
    return AllowedAddress{std::move(address), files};
}

std::unique_ptr<attestation::DeviceTpm>
makeDeviceTpm(const AllowedAddress& address, const enrollment::ProductProfile& profile, const std::stop_token& stop)
{
    tpm::CommandDeadlines deadlines;
    deadlines.normal = profile.commandTimeout;
    deadlines.createKey = profile.createPrimaryTimeout;
    deadlines.run = profile.runTimeout;
    if (needsLogin(address)) {
        deadlines.connect = kLoginInTest;
    }
    return tpm::makeEsysDeviceTpm(address.value(), deadlines, stop, address.files());
}

std::optional<station::Sighting> deviceSays(const AllowedAddress& address, const enrollment::ProductProfile& profile,
                                            const std::stop_token& stop)
{
    const auto answer = answerOf(address, stop);
    if (!answer) {
        return std::nullopt;
    }
    station::Sighting sighting{answer->answers};
    if (answer->serialNumber) {
        if (auto serial = enrollment::parseSerialNumber(*answer->serialNumber, profile); serial.ok()) {
            sighting.says = std::move(serial).value();
        } else {
            sighting.unfit = *answer->serialNumber;
        }
    }
    return sighting;
}

std::optional<bool> deviceAnswers(const AllowedAddress& address, const std::stop_token& stop)
{
    return tpm::tpmAnswers(address.value(), patienceFor(address), stop, address.files());
}

} // namespace enroll::app::wiring

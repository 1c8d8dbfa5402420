#include "app/wiring/device.h"

#include "core/base/recoded.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/tpm/presence_probe.h"
#include "core/transport/tls_context.h"

namespace enroll::app::wiring {
namespace {

/// For one look at a slot.
constexpr std::chrono::milliseconds kPatience{500};

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
    return AllowedAddress{std::move(address), files};
}

std::unique_ptr<attestation::DeviceTpm>
makeDeviceTpm(const AllowedAddress& address, const enrollment::ProductProfile& profile, const std::stop_token& stop)
{
    tpm::CommandDeadlines deadlines;
    deadlines.normal = profile.commandTimeout;
    deadlines.createKey = profile.createPrimaryTimeout;
    deadlines.run = profile.runTimeout;
    return tpm::makeEsysDeviceTpm(address.value(), deadlines, stop, address.files());
}

std::optional<station::Sighting> deviceSays(const AllowedAddress& address, const enrollment::ProductProfile& profile,
                                            const std::stop_token& stop)
{
    const auto answer = tpm::askDevice(address.value(), kPatience, stop, address.files());
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
    return tpm::tpmAnswers(address.value(), kPatience, stop, address.files());
}

} // namespace enroll::app::wiring

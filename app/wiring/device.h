#pragma once

#include "core/attestation/device_tpm.h"
#include "core/config/station_config.h"
#include "core/enrollment/product_profile.h"
#include "core/station/sighting.h"
#include "core/transport/agent_files.h"
#include "core/transport/device_address.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace enroll::app::wiring {

/// An address whose transport the profile allows, and the files that the transport needs. requireAllowedAddress() alone makes one, so that no TPM is opened past
/// the allow-list.
class AllowedAddress {
public:
    [[nodiscard]] const transport::DeviceAddress& value() const noexcept { return m_address; }
    [[nodiscard]] const transport::AgentFiles& files() const noexcept { return m_files; }

private:
    AllowedAddress(transport::DeviceAddress address, transport::AgentFiles files)
        : m_address(std::move(address)), m_files(std::move(files))
    {}
    friend Result<AllowedAddress> requireAllowedAddress(const std::string& text,
                                                        const enrollment::ProductProfile& profile,
                                                        const transport::AgentFiles& files);

    transport::DeviceAddress m_address;
    transport::AgentFiles m_files;
};

/// The address if it can be parsed and the profile allows its transport. Error S-331 naming the part that is wrong, or
/// the transports that are allowed; S-330 if it needs \p files and they are not all named. They are those of `[agent]`, and
/// are read when the TPM is opened.
Result<AllowedAddress> requireAllowedAddress(const std::string& text, const enrollment::ProductProfile& profile,
                                             const transport::AgentFiles& files);

/// The TPM at an address with the profile's deadlines. Nothing is opened. \p stop cancels any wait, from any thread.
std::unique_ptr<attestation::DeviceTpm>
makeDeviceTpm(const AllowedAddress& address, const enrollment::ProductProfile& profile, const std::stop_token& stop);

/// Whether a device answers at an address, within a second or, where that takes a login, within six, and what its enroll-agent
/// says that its serial number is, where that is one of the product, or else what it says in place of one: tpm::askDevice().
std::optional<station::Sighting> deviceSays(const AllowedAddress& address, const enrollment::ProductProfile& profile,
                                            const std::stop_token& stop);

/// Whether a TPM answers at an address, within a second, or six behind a jump host: tpm::tpmAnswers().
std::optional<bool> deviceAnswers(const AllowedAddress& address, const std::stop_token& stop);

} // namespace enroll::app::wiring

#pragma once

#include "core/attestation/device_tpm.h"
#include "core/enrollment/product_profile.h"
#include "core/transport/device_address.h"

#include <memory>
#include <stop_token>
#include <string>

namespace enroll::app::wiring {

/// The address if it can be parsed and the profile allows its transport. Error S-331 saying which are allowed.
Result<transport::DeviceAddress> requireAllowedAddress(const std::string& text,
                                                       const enrollment::ProductProfile& profile);

/// The TPM at an address with the profile's deadlines. Nothing is opened. \p stop cancels any wait, from any thread.
std::unique_ptr<attestation::DeviceTpm> makeDeviceTpm(const transport::DeviceAddress& address,
                                                      const enrollment::ProductProfile& profile,
                                                      const std::stop_token& stop);

} // namespace enroll::app::wiring

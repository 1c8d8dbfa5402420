#pragma once

#include "core/attestation/ek_catalog.h"

namespace enroll::attestation {

/// A family of clients that show the cloud the same key of a chip: the one at kDeviceSdkHandle as it is; only where that handle
/// is free each makes a key of its own.
struct DeviceSdk {
    std::string_view who; ///< a word of documents, such as "dps-csharp-sdk"
    std::string_view name;
    /// The template of the key that it makes; absent: one that no survey of endorsement keys finds.
    std::optional<EkTemplate> makes;
    bool takesPasswords; ///< of the owner and the endorsement hierarchy, by its configuration
};

/// Those that register a device with DPS, IoT Edge among them.
/// Source: azure-iot-sdk-c (azure-utpm-c), -csharp, -node and -java, iot-identity-service
std::span<const DeviceSdk> deviceSdks() noexcept;

} // namespace enroll::attestation

#pragma once

#include "core/attestation/ek_catalog.h"

#include <vector>

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

/// Device SDKs, as DeviceSdk::who, by what they make where kDeviceSdkHandle is free.
struct DeviceSdkMakers {
    std::vector<std::string_view> ofThis;
    std::vector<std::string_view> ofAnother;
};

/// Who makes a key of \p kind, of those that the product may have: \p deviceSdk, or any where that is empty. Pure.
DeviceSdkMakers makersOf(EkTemplate kind, std::string_view deviceSdk);

} // namespace enroll::attestation

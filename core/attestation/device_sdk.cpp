#include "core/attestation/device_sdk.h"

namespace enroll::attestation {
namespace {

constexpr std::array kSdks{
    DeviceSdk{"dps-c-sdk", "The C SDK", EkTemplate::AzureEmptyUnique, false},
    DeviceSdk{"dps-node-sdk", "The Node SDK", EkTemplate::AzureEmptyUnique, false},
    DeviceSdk{"dps-csharp-sdk", "The C# SDK", EkTemplate::TcgL1, false},
    DeviceSdk{"dps-java-sdk", "The Java SDK", std::nullopt, false}, // in the owner hierarchy
    DeviceSdk{"iot-edge", "IoT Edge", EkTemplate::TcgL1, true},
};

} // namespace

std::span<const DeviceSdk> deviceSdks() noexcept
{
    return kSdks;
}

DeviceSdkMakers makersOf(EkTemplate kind, std::string_view deviceSdk)
{
    DeviceSdkMakers makers;
    for (const auto& sdk : kSdks) {
        if (deviceSdk.empty() || deviceSdk == sdk.who) {
            (sdk.makes == kind ? makers.ofThis : makers.ofAnother).push_back(sdk.who);
        }
    }
    return makers;
}

} // namespace enroll::attestation

#pragma once

#include "core/enrollment/ek_lens.h"
#include "core/enrollment/product_profile.h"

namespace enroll::enrollment {

/// Whether one who meets this chip in the field takes it. "yes", "no", "unknown".
enum class Acceptance { Yes, No, Unknown };
std::string_view acceptanceText(Acceptance acceptance) noexcept;

struct Acceptor {
    std::string_view who; ///< a word of documents, such as "dps-csharp-sdk"
    Acceptance answer = Acceptance::Unknown;
    std::string why; ///< English, one sentence
    bool operator==(const Acceptor&) const = default;
};

/// Who would accept this chip if \p profile enrolls its key: the provisioning service, with each family of device SDKs
/// and with IoT Edge, and whoever goes by the EK certificate.
///
/// An SDK takes the key at 0x81010001 as it is; only where that handle is free it makes one, each family from a template
/// of its own. The service compares that key with the enrolled one. Pure.
/// \par Source   azure-iot-sdk-c, -csharp, -node and -java, iot-identity-service; azure-iot-sdk-c issues 2329 and 2534
std::vector<Acceptor> acceptorsOf(const EkLens& lens, const ProductProfile& profile);

} // namespace enroll::enrollment

#include "core/attestation/parent_shape.h"

#include "core/attestation/tpm_algorithm.h"
#include "core/base/assert.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"

namespace enroll::attestation {
namespace {

struct ParentParameters {
    std::optional<SymmetricParent> symmetric;
    std::uint16_t scheme = alg::kNull;
};

struct ParentParametersOf {
    ParentParameters operator()(const RsaParameters& rsa) const { return {rsa.symmetric, rsa.scheme}; }
    ParentParameters operator()(const EccParameters& ecc) const { return {ecc.symmetric, ecc.scheme}; }
    ParentParameters operator()(const HmacParameters&) const { return {}; }
};

constexpr std::uint32_t kRequired = object_attribute::kFixedTpm | object_attribute::kFixedParent |
                                    object_attribute::kRestricted | object_attribute::kDecrypt;

/// The fault of an area as a storage parent; empty if it has none. "restricted" matters most: such a key decrypts only
/// structures that TPM commands define, so that nobody can have it decrypt a challenge as data.
std::string_view faultOf(const PublicArea& area)
{
    const auto parameters = std::visit(ParentParametersOf{}, area.parameters);
    if ((area.attributes & kRequired) != kRequired) {
        return "is not a restricted decryption key fixed to its TPM and parent";
    }
    if ((area.attributes & object_attribute::kSign) != 0) {
        return "can also sign";
    }
    if (!parameters.symmetric || parameters.symmetric->algorithm != alg::kAes) {
        return "has no AES-CFB to protect what it wraps";
    }
    return parameters.scheme == alg::kNull ? "" : "has a scheme of its own";
}

} // namespace

Result<void> requireParentShape(const PublicArea& area, ErrorCode code, std::string_view what)
{
    if (const auto fault = faultOf(area); !fault.empty()) {
        return makeError(code, std::string{what} + " " + std::string{fault});
    }
    TRY(recodedIf(publicKeyOf(area), DeviceCode::EndorsementKeyUnusable, code));
    return {};
}

unsigned symmetricBits(const PublicArea& area) noexcept
{
    const auto parameters = std::visit(ParentParametersOf{}, area.parameters);
    ENROLL_ASSERT(parameters.symmetric.has_value(), "a parent whose shape was checked");
    return parameters.symmetric->keyBits;
}

} // namespace enroll::attestation

#include "core/tpm/ek_certificate_reader.h"

#include "core/crypto/certificate.h"
#include "core/tpm/handle_list.h"

#include <algorithm>
#include <vector>

namespace enroll::tpm {
namespace {

/// What an index holds: nothing but padding, a certificate for the key, or something else (another key's certificate,
/// or bytes that are no certificate).
enum class Content { Filler, OfThisKey, Other };

Content contentOf(ByteView nvContent, const Result<crypto::PublicKey>& key)
{
    const auto found = crypto::certificatesFromNv(nvContent);
    if (!found) {
        return Content::Other;
    }
    if (found->certificates.empty()) {
        return Content::Filler;
    }
    const auto isOfThisKey = [&key](const crypto::Certificate& one) {
        const auto certified = one.publicKey();
        return key.ok() && certified.ok() && *certified == *key;
    };
    return std::ranges::any_of(found->certificates, isOfThisKey) ? Content::OfThisKey : Content::Other;
}

} // namespace

std::vector<TPM2_HANDLE> certificateIndices(const attestation::PublicArea& key)
{
    std::vector<TPM2_HANDLE> indices;
    for (const auto& row : attestation::ekCatalog()) {
        if (const auto& index = *row.certificate; index && hasAlgorithmOf(key, row)) {
            indices.push_back(*index);
        }
    }
    return indices;
}

bool holdsCertificateOf(ByteView nvContent, const attestation::PublicArea& area)
{
    return contentOf(nvContent, attestation::publicKeyOf(area)) == Content::OfThisKey;
}

Result<Bytes> readCertificateChain(EsysContext& context, const NvRules& nv)
{
    TRY_ASSIGN(const auto indices, handlesIn(context, {0x01C00100, 0x01C001FF}));
    Bytes chain;
    for (const auto index : indices) {
        TRY_ASSIGN(const auto content, readNv(context, index, nv));
        if (content.bytes && chain.size() + content.bytes->size() <= kLargestChain) {
            chain.insert(chain.end(), content.bytes->begin(), content.bytes->end());
        }
    }
    return chain;
}

Result<bool> addCertificate(EsysContext& context, const std::optional<attestation::PublicArea>& area, const NvRules& nv,
                            attestation::EndorsementKeyReading& reading)
{
    if (!area) {
        return false;
    }
    const auto shown = attestation::publicKeyOf(*area); // an error here means that no certificate can match the key
    NvContent none;                                     // of the index that is there and gives out nothing
    TPM2_HANDLE noneAt = 0;
    for (const auto index : certificateIndices(*area)) {
        TRY_ASSIGN(auto content, readNv(context, index, nv));
        if (none.why.empty() || (none.unwritten && !content.why.empty() && !content.unwritten)) {
            none = {std::nullopt, content.why, content.unwritten};
            noneAt = index;
        }
        const auto kind = content.bytes ? contentOf(*content.bytes, shown) : Content::Filler;
        if (kind == Content::OfThisKey || (kind == Content::Other && !reading.certificateNv)) {
            reading.certificateNv = std::move(content.bytes);
            reading.certificateIndex = index;
        }
        if (kind == Content::OfThisKey) {
            return true;
        }
    }
    if (none.why.empty() && nv.platformIndicesOff) {
        none.why = "the firmware has switched off the TPM's NV indices of the platform, among which makers keep it: "
                   "switch them on in the firmware setup (phEnableNV)";
    }
    if (!reading.certificateNv && !none.why.empty()) {
        reading.certificateUnreadable = std::move(none.why);
        reading.certificateIndex = none.unwritten ? std::optional{noneAt} : std::nullopt;
    }
    return false;
}

} // namespace enroll::tpm

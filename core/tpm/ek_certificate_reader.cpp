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

/// What was found so far.
class Search {
public:
    /// \param key  an error means that no certificate can match the key
    Search(attestation::EndorsementKeyReading& reading, Result<crypto::PublicKey> key)
        : m_reading(reading), m_key(std::move(key))
    {}

    /// Takes what is worth taking. True if it is the certificate of this key.
    bool ends(TPM2_HANDLE index, NvContent content)
    {
        if (m_none.why.empty() || (m_none.unwritten && !content.why.empty() && !content.unwritten)) {
            m_none = {std::nullopt, content.why, content.unwritten};
            m_noneAt = index;
        }
        const auto kind = content.bytes ? contentOf(*content.bytes, m_key) : Content::Filler;
        if (kind == Content::OfThisKey || (kind == Content::Other && !m_reading.certificateNv)) {
            m_reading.certificateNv = std::move(content.bytes);
            m_reading.certificateIndex = index;
        }
        return kind == Content::OfThisKey;
    }

    /// Says why there is none, if there is none.
    void conclude(const NvRules& nv)
    {
        if (m_none.why.empty() && nv.platformIndicesOff) {
            m_none.why =
                "the firmware has switched off the TPM's NV indices of the platform, among which makers keep it: "
                "switch them on in the firmware setup (phEnableNV)";
        }
        if (!m_reading.certificateNv && !m_none.why.empty()) {
            m_reading.certificateUnreadable = std::move(m_none.why);
            m_reading.certificateIndex = m_none.unwritten ? std::optional{m_noneAt} : std::nullopt;
        }
    }

private:
    attestation::EndorsementKeyReading& m_reading;
    Result<crypto::PublicKey> m_key;
    NvContent m_none; ///< of the index that is there and gives out nothing
    TPM2_HANDLE m_noneAt = 0;
};

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

Result<attestation::StoredCertificates> readCertificateChain(EsysContext& context, const NvRules& nv)
{
    TRY_ASSIGN(const auto indices, handlesIn(context, {0x01C00100, 0x01C001FF}));
    attestation::StoredCertificates chain;
    for (const auto index : indices) {
        TRY_ASSIGN(auto content, readNv(context, index, optional(nv)));
        if (content.bytes && chain.der.size() + content.bytes->size() <= kLargestChain) {
            chain.der.insert(chain.der.end(), content.bytes->begin(), content.bytes->end());
        }
        if (!content.why.empty() && !content.unwritten) {
            chain.unreadable.push_back(std::move(content.why));
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
    Search search{reading, attestation::publicKeyOf(*area)};
    std::vector<TPM2_HANDLE> left;
    for (const auto index : certificateIndices(*area)) {
        TRY_ASSIGN(auto content, readNv(context, index, optional(nv)));
        if (content.refused && nv.need == NvNeed::Required) {
            left.push_back(index);
        } else if (search.ends(index, std::move(content))) {
            return true;
        }
    }
    for (const auto index : left) {
        TRY_ASSIGN(auto content, readNv(context, index, nv));
        if (search.ends(index, std::move(content))) {
            return true;
        }
    }
    search.conclude(nv);
    return false;
}

} // namespace enroll::tpm

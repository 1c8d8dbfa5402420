#include "core/crypto/revocation_list.h"

#include "core/base/station_code.h"
#include "core/crypto/certificate_parsed.h"
#include "core/crypto/der.h"
#include "core/crypto/digest.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_key.h"
#include "core/crypto/openssl_pem.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace enroll::crypto {

struct RevocationList::Parsed {
    X509CrlPtr crl;
    IssuingPointPtr point; ///< null if the list is of all certificates of its issuer
    Bytes der;
    std::string scope;
    UtcTime thisUpdate;
    std::optional<UtcTime> nextUpdate;
};

namespace {

Error refused(std::string what)
{
    return makeError(StationCode::KeyMaterialUnusable, "the revocation list " + std::move(what));
}

template <std::size_t N>
bool isCriticalBeyond(const std::array<int, N>& known, X509_EXTENSION* extension)
{
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    return X509_EXTENSION_get_critical(extension) == 1 && std::ranges::find(known, nid) == known.end();
}

Result<void> requireKnownExtensions(const X509_CRL* crl)
{
    constexpr std::array kKnown{NID_authority_key_identifier, NID_crl_number, NID_issuing_distribution_point};
    if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0) {
        return refused("is a delta list, which says only what changed: import the full list");
    }
    for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
        if (isCriticalBeyond(kKnown, X509_CRL_get_ext(crl, i))) {
            return refused("has a critical extension that is not known");
        }
    }
    return {};
}

/// Whether the list is of certificates of other issuers, too (RFC 5280, section 5.2.5).
bool isIndirectPoint(const ISSUING_DIST_POINT* point) noexcept
{
    return point != nullptr && point->indirectCRL > 0;
}

/// An entry of an indirect list may say whose certificates it and those behind it are of; OpenSSL keeps that with each.
/// Source: RFC 5280, section 5.3.3
Result<void> requireReadableIssuer(const X509_REVOKED* entry, const ISSUING_DIST_POINT* point)
{
    if (X509_REVOKED_get_ext_by_NID(entry, NID_certificate_issuer, -1) < 0) {
        return {};
    }
    if (!isIndirectPoint(point)) {
        return refused("names certificates of other issuers and does not say that it is an indirect list");
    }
    const GeneralNamesPtr names{
        static_cast<GENERAL_NAMES*>(X509_REVOKED_get_ext_d2i(entry, NID_certificate_issuer, nullptr, nullptr))};
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        if (sk_GENERAL_NAME_value(names.get(), i)->type == GEN_DIRNAME) {
            return {};
        }
    }
    return refused("has an entry that does not say readably whose certificate it is");
}

/// OpenSSL stops at a reason that it cannot read, and takes the entries behind it for the list's own issuer's.
Result<void> requireReadableReason(const X509_REVOKED* entry, const ISSUING_DIST_POINT* point)
{
    if (!isIndirectPoint(point) || X509_REVOKED_get_ext_by_NID(entry, NID_crl_reason, -1) < 0) {
        return {};
    }
    const EnumeratedPtr reason{
        static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr))};
    return reason ? Result<void>{} : refused("has an entry whose reason cannot be read");
}

Result<void> requireKnownEntries(X509_CRL* crl, const ISSUING_DIST_POINT* point)
{
    constexpr std::array kKnown{NID_crl_reason, NID_invalidity_date, NID_hold_instruction_code, NID_certificate_issuer};
    auto* entries = X509_CRL_get_REVOKED(crl);
    for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
        const auto* entry = sk_X509_REVOKED_value(entries, i);
        TRY(requireReadableIssuer(entry, point));
        TRY(requireReadableReason(entry, point));
        for (int j = 0; j < X509_REVOKED_get_ext_count(entry); ++j) {
            if (isCriticalBeyond(kKnown, X509_REVOKED_get_ext(entry, j))) {
                return refused("has an entry with a critical extension that is not known");
            }
        }
    }
    return {};
}

/// What the list is of; null if of everything.
Result<IssuingPointPtr> issuingPointOf(const X509_CRL* crl)
{
    if (X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1) < 0) {
        return IssuingPointPtr{};
    }
    IssuingPointPtr point{
        static_cast<ISSUING_DIST_POINT*>(X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, nullptr, nullptr))};
    if (!point) {
        return refused("does not say readably which certificates it is of");
    }
    if (point->onlyattr > 0 || point->onlysomereasons != nullptr) {
        return refused("is of attribute certificates or of some reasons alone: import the full list");
    }
    constexpr int kFullName = 0;
    if (point->distpoint != nullptr && point->distpoint->type != kFullName) {
        return refused("names its distribution point in a form that is not known");
    }
    return point;
}

Result<X509CrlPtr> parseExactly(ByteView der)
{
    if (der.empty() || der.size() > kLargestRevocationList) {
        return refused("has " + std::to_string(der.size()) + " bytes");
    }
    ERR_clear_error();
    const auto* at = u8(der);
    X509CrlPtr crl{d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size()))};
    if (!crl) {
        return opensslError(StationCode::KeyMaterialUnusable, "the bytes are not a revocation list", "d2i_X509_CRL");
    }
    if (at != u8(der) + der.size()) {
        return refused("has bytes behind it");
    }
    return crl;
}

/// Issuer, key and distribution point: a later list with the same three replaces this one.
Result<std::string> scopeOf(const X509_CRL* crl)
{
    const auto valueOf = [crl](int nid) {
        const int place = X509_CRL_get_ext_by_NID(crl, nid, -1);
        const auto* value = place < 0 ? nullptr : X509_EXTENSION_get_data(X509_CRL_get_ext(crl, place));
        const auto size = value == nullptr ? std::size_t{0} : static_cast<std::size_t>(ASN1_STRING_length(value));
        return std::as_bytes(std::span{value == nullptr ? nullptr : ASN1_STRING_get0_data(value), size});
    };
    const unsigned char* name = nullptr;
    std::size_t size = 0;
    if (X509_NAME_get0_der(X509_CRL_get_issuer(crl), &name, &size) != 1) {
        return refused("has an issuer that cannot be read");
    }
    TRY_ASSIGN(const auto key, sha256({valueOf(NID_authority_key_identifier)}));
    TRY_ASSIGN(const auto digest,
               sha256({std::as_bytes(std::span{name, size}), key, valueOf(NID_issuing_distribution_point)}));
    return toHex(digest);
}

bool haveCommonName(const GENERAL_NAMES* some, const GENERAL_NAMES* others)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(some); ++i) {
        for (int j = 0; j < sk_GENERAL_NAME_num(others); ++j) {
            if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(some, i), sk_GENERAL_NAME_value(others, j)) == 0) {
                return true;
            }
        }
    }
    return false;
}

/// True if one of the certificate's distribution points is as \p isMeant wants it.
template <class IsMeant>
bool hasPoint(const Certificate& certificate, IsMeant isMeant)
{
    const DistributionPointsPtr points{static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(certificate.parsed().x509.get(), NID_crl_distribution_points, nullptr, nullptr))};
    ERR_clear_error();
    for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
        if (isMeant(*sk_DIST_POINT_value(points.get(), i))) {
            return true;
        }
    }
    return false;
}

/// True if \p list is what is at the distribution point \p named of a certificate. A point without a name has that of
/// its issuer. Source: RFC 5280, section 6.3.3 (b) (2) (i)
bool isAt(const DIST_POINT_NAME& list, const DIST_POINT& named)
{
    const auto* name = named.distpoint;
    if (name == nullptr) {
        return haveCommonName(named.CRLissuer, list.name.fullname);
    }
    return name->type == 0 && haveCommonName(name->name.fullname, list.name.fullname);
}

bool hasName(const GENERAL_NAMES* names, const X509_NAME* wanted)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DIRNAME && X509_NAME_cmp(name->d.directoryName, wanted) == 0) {
            return true;
        }
    }
    return false;
}

bool isPemText(ByteView content)
{
    return asText(content).find("-----BEGIN ") != std::string_view::npos;
}

/// The first bytes inside the signed part. Source: RFC 5280, sections 4.1 and 5.1
bool beginsAsList(ByteView content)
{
    constexpr std::array kVersion2{std::byte{0x02}, std::byte{0x01}, std::byte{0x01},
                                   kDerSequence}; // and the algorithm
    const auto whole = sequenceFrame(content);
    const auto signedPart = whole.ok() ? content.subspan(whole->header) : ByteView{};
    const auto frame = sequenceFrame(signedPart);
    const auto first = frame.ok() ? signedPart.subspan(frame->header) : ByteView{};
    if (first.size() < kVersion2.size()) {
        return false;
    }
    // A list of version 1 begins with the algorithm; a certificate with a tag of its own or with its serial number, which
    // may be 1 in one of version 1.
    return first.front() == kDerSequence || std::equal(kVersion2.begin(), kVersion2.end(), first.begin());
}

} // namespace

Result<RevocationList> RevocationList::fromDer(ByteView der)
{
    auto parsed = std::make_shared<Parsed>();
    TRY_ASSIGN(parsed->crl, parseExactly(der));
    auto* crl = parsed->crl.get();
    TRY(requireKnownExtensions(crl));
    TRY_ASSIGN(parsed->point, issuingPointOf(crl));
    TRY(requireKnownEntries(crl, parsed->point.get()));
    TRY_ASSIGN(parsed->scope, scopeOf(crl));
    const auto made = utcTimeOf(X509_CRL_get0_lastUpdate(crl));
    const auto* next = X509_CRL_get0_nextUpdate(crl);
    parsed->nextUpdate = utcTimeOf(next);
    if (!made || (next != nullptr && !parsed->nextUpdate)) {
        return refused("has a date that cannot be read");
    }
    parsed->thisUpdate = *made;
    parsed->der = toBytes(der);
    ERR_clear_error();
    return RevocationList{std::move(parsed)};
}

const Bytes& RevocationList::der() const noexcept
{
    return m_parsed->der;
}

std::string RevocationList::issuer() const
{
    return nameText(X509_CRL_get_issuer(m_parsed->crl.get()));
}

UtcTime RevocationList::thisUpdate() const
{
    return m_parsed->thisUpdate;
}

std::optional<UtcTime> RevocationList::nextUpdate() const
{
    return m_parsed->nextUpdate;
}

std::size_t RevocationList::size() const
{
    return static_cast<std::size_t>(std::max(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(m_parsed->crl.get())), 0));
}

std::string RevocationList::scope() const
{
    return m_parsed->scope;
}

ListSignature RevocationList::signatureBy(const Certificate& authority) const
{
    auto* crl = m_parsed->crl.get();
    auto* x509 = authority.parsed().x509.get();
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(x509)) != 0) {
        return ListSignature::OtherName;
    }
    auto* key = X509_get0_pubkey(x509);
    int digest = NID_undef;
    const bool isSigned = key != nullptr &&
                          OBJ_find_sigid_algs(X509_CRL_get_signature_nid(crl), &digest, nullptr) == 1 &&
                          X509_CRL_verify(crl, key) == 1;
    ERR_clear_error();
    if (!isSigned) {
        return ListSignature::OtherKey;
    }
    if (digest == NID_md5) {
        return ListSignature::Md5;
    }
    return (X509_get_key_usage(x509) & KU_CRL_SIGN) != 0 ? ListSignature::Valid : ListSignature::MayNotSign;
}

bool RevocationList::covers(const Certificate& certificate) const
{
    const auto* point = m_parsed->point.get();
    if (point == nullptr) {
        return true;
    }
    const bool isAuthority = certificate.claimsToBeAuthority();
    const bool isOfKind = isAuthority ? point->onlyuser <= 0 : point->onlyCA <= 0;
    const auto isThis = [point](const DIST_POINT& named) { return isAt(*point->distpoint, named); };
    return isOfKind && (point->distpoint == nullptr || hasPoint(certificate, isThis));
}

bool RevocationList::isIndirect() const
{
    return isIndirectPoint(m_parsed->point.get());
}

bool RevocationList::answersFor(const Certificate& certificate) const
{
    const auto* issuer = X509_CRL_get_issuer(m_parsed->crl.get());
    const auto isIssuers = [issuer](const DIST_POINT& named) { return hasName(named.CRLissuer, issuer); };
    return isIndirect() && hasPoint(certificate, isIssuers);
}

std::optional<UtcTime> RevocationList::revokedSince(const Certificate& certificate) const
{
    constexpr int kRevoked = 1; // 2: the entry takes an earlier one back (removeFromCRL)
    X509_REVOKED* entry = nullptr;
    auto* x509 = certificate.parsed().x509.get();
    if (X509_CRL_get0_by_cert(m_parsed->crl.get(), &entry, x509) != kRevoked || entry == nullptr) {
        return {};
    }
    return utcTimeOf(X509_REVOKED_get0_revocationDate(entry)).value_or(m_parsed->thisUpdate);
}

bool isRevocationListInDer(ByteView content)
{
    const bool isList =
        beginsAsList(content) || RevocationList::fromDer(content).ok(); // in another form of its lengths
    return isList && !certificatesFromFile(content).ok();
}

Result<std::vector<RevocationList>> revocationListsFromFile(ByteView content)
{
    std::vector<RevocationList> lists;
    if (!isPemText(content)) {
        TRY_ASSIGN(auto list, RevocationList::fromDer(content));
        lists.push_back(std::move(list));
        return lists;
    }
    TRY_ASSIGN(const auto blocks, pemBlocksNamed("X509 CRL", content, kMostRevocationListsInFile));
    for (const auto& block : blocks) {
        TRY_ASSIGN(auto list, RevocationList::fromDer(block));
        lists.push_back(std::move(list));
    }
    if (lists.empty()) {
        return makeError(StationCode::KeyMaterialUnusable, "the file contains no revocation list");
    }
    return lists;
}

} // namespace enroll::crypto

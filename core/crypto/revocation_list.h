#pragma once

#include "core/crypto/certificate.h"

namespace enroll::crypto {

/// The longest list that is read, and the most that a file may hold.
inline constexpr std::size_t kLargestRevocationList = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kMostRevocationListsInFile = 64;

/// What an authority has to do with a list.
enum class ListSignature {
    Valid,
    OtherName, ///< the list names another issuer
    OtherKey,  ///< its key does not verify the signature
    Md5,       ///< it does, and the signature is of MD5, which lets an attacker choose what was signed
    MayNotSign ///< it does, and the authority's certificate does not let it sign lists (cRLSign)
};

/// One X.509 certificate revocation list (CRL) as a value. Copies share the parsed form, which never changes: safe to read
/// on any thread. Nothing vouches for a list but isIssuedBy().
/// Source: RFC 5280, section 5
class RevocationList {
public:
    /// Parses exactly one DER list that is complete by itself. Error S-337 for another, which it names: broken, with bytes
    /// behind it, a delta list, a list of some reasons or of attribute certificates alone, one with a critical extension
    /// that is not known here, one with an entry of another issuer that cannot be read or is in no indirect list.
    static Result<RevocationList> fromDer(ByteView der);

    [[nodiscard]] const Bytes& der() const noexcept;
    [[nodiscard]] std::string issuer() const; ///< as Certificate::subject()
    [[nodiscard]] UtcTime thisUpdate() const; ///< when it was made
    /// When the next one was to be made; absent if the list does not say it.
    [[nodiscard]] std::optional<UtcTime> nextUpdate() const;
    [[nodiscard]] std::size_t size() const; ///< certificates that it revokes
    /// Names what the list is about: two lists of one scope replace each other, the newer the older. Hex, 64 characters.
    [[nodiscard]] std::string scope() const;

    [[nodiscard]] ListSignature signatureBy(const Certificate& authority) const;
    /// True if \p authority has the issuer's name, may sign lists, and its key verifies the signature, which is not of
    /// MD5.
    [[nodiscard]] bool isIssuedBy(const Certificate& authority) const
    {
        return signatureBy(authority) == ListSignature::Valid;
    }
    /// True if \p certificate, of the same issuer or one that this list answers for, would stand in this list if it were
    /// revoked: some lists are of one distribution point, or of authorities alone.
    [[nodiscard]] bool covers(const Certificate& certificate) const;
    /// True if it may revoke what others than its issuer issued. Source: RFC 5280, section 5.2.5
    [[nodiscard]] bool isIndirect() const;
    /// True if this is an indirect list, and \p certificate says that the list's issuer answers for it (cRLIssuer): then
    /// the list may revoke what another issued. Source: RFC 5280, sections 4.2.1.13 and 5.2.5
    [[nodiscard]] bool answersFor(const Certificate& certificate) const;
    /// Since when \p certificate is revoked or on hold; nothing if it does not stand in the list, or an entry takes its
    /// revocation back. An entry is of the list's issuer, or of the issuer that the last entry before it names.
    [[nodiscard]] std::optional<UtcTime> revokedSince(const Certificate& certificate) const;

    struct Parsed; ///< OpenSSL's form

private:
    explicit RevocationList(std::shared_ptr<const Parsed> parsed) : m_parsed(std::move(parsed)) {}
    std::shared_ptr<const Parsed> m_parsed;
};

/// True if \p content is one list in DER or, broken off or broken, begins as one, and is no certificate: what is wrong with it
/// then is wrong with a list. Source: RFC 5280, sections 4.1 and 5.1
bool isRevocationListInDer(ByteView content);

/// The lists of a file's content: PEM blocks named X509 CRL, or one DER list. Error S-337: none, one that fromDer()
/// refuses, more than kMostRevocationListsInFile.
Result<std::vector<RevocationList>> revocationListsFromFile(ByteView content);

} // namespace enroll::crypto

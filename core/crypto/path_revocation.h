#pragma once

#include "core/crypto/certificate_path.h"

namespace enroll::crypto {

/// Why a chain that ends at an anchor does not hold; "" if it does.
using ChainFault = std::string (*)(std::span<const Certificate> chain);

struct RevocationNotes {
    std::vector<PathNote> notes;        ///< a Revoked is the last
    std::optional<std::size_t> revoked; ///< the place in the chain of the first that is
};

/// What the revocation lists of \p trust say of a chain that holds, leaf first. What a witness of \p trust signed counts as
/// what any other authority did.
///
/// A list counts if the issuer in the chain signed it, and that certificate or one that \p trust knows of the same name and
/// key lets it sign lists. It also counts if whom the certificate names for that (cRLIssuer) signed it: an authority or a
/// signer of lists that \p trust knows, whose own path, by \p faultOf, ends at the same anchor or at who signed that. The
/// anchor is revoked if each way on from it, by who is known to have signed whom, has a revocation: whoever lets an
/// intermediate end paths does not know yet what its root says of it.
///
/// A note each: Revoked, or where no list at hand covers a certificate that names a distribution point, or the newest one is
/// out of date at \p time; of an anchor Revoked alone. An old list still revokes. No address is followed. Pure.
/// Source: RFC 5280, section 6.3
RevocationNotes revocationNotesOn(std::span<const Certificate> chain, const TrustStore& trust, UtcTime time,
                                  ChainFault faultOf);

/// True if a list that \p signer signed counts on paths to \p anchor for what others issued: a path from it, by \p faultOf and
/// \p known, ends at that anchor or at who signed that. Pure.
bool answersUnder(const Certificate& signer, const Certificate& anchor, std::span<const Certificate> known,
                  ChainFault faultOf);

} // namespace enroll::crypto

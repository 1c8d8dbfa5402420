#pragma once

#include "core/crypto/certificate_path.h"

namespace enroll::crypto {

/// What the revocation lists of \p trust say of a chain that holds, leaf first; of its anchor they say nothing. A list
/// counts if the issuer in the chain signed it. A note each: Revoked, or where no list at hand covers a certificate that
/// names a distribution point, or the newest one is out of date at \p time. An old list still revokes. No address is
/// followed. Pure.
/// Source: RFC 5280, section 6.3
std::vector<PathNote> revocationNotesOn(std::span<const Certificate> chain, const TrustStore& trust, UtcTime time);

} // namespace enroll::crypto

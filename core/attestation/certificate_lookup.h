#pragma once

#include "core/attestation/public_area.h"

#include <optional>

namespace enroll::attestation {

/// Where the maker of a TPM gives out the certificate of an endorsement key that the chip itself does not hold, by the
/// digest of the key: for a person who looks for it. Nothing in this product follows it, and what a TPM says of its maker
/// proves nothing: the certificate is judged like any other.
///
/// \param manufacturerId  TpmIdentity::manufacturerId
/// \return  nothing for a maker without such a service, and for a key that is not asymmetric
/// \par Errors   S-340
/// \par Source   tpm2-tools, tpm2_getekcertificate(1), "NOTES", for Intel's and AMD's
Result<std::optional<std::string>> certificateLookupUrl(std::uint32_t manufacturerId, const PublicArea& area);

} // namespace enroll::attestation

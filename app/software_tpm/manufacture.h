#pragma once

#include "app/software_tpm/software_tpm.h"

namespace enroll::software_tpm {

/// Files of the authority that certifies the software TPMs of one directory.
struct AuthorityFiles {
    std::filesystem::path rootCertificate;
    std::filesystem::path issuerCertificate;
};
AuthorityFiles authorityFiles(const std::filesystem::path& authorityDirectory);

/// Does what a TPM's maker does: a new seed, endorsement keys, certificates for them. Writes the configuration of
/// swtpm_setup and swtpm_localca into the authority's directory, so that the machine's own configuration plays no part.
/// Does nothing if \p options.directory holds a TPM already. Errors S-399 with the tool's last line, S-321.
Result<void> manufacture(const SoftwareTpmOptions& options);

} // namespace enroll::software_tpm

#pragma once

#include "app/software_tpm/software_tpm.h"

namespace enroll::app::software_tpm {

/// The certificates of the authority that signs the EK certificates of software TPMs, PEM.
struct AuthorityFiles {
    std::filesystem::path rootCertificate;
    std::filesystem::path issuerCertificate;
};
AuthorityFiles authorityFiles(const std::filesystem::path& authorityDirectory);

/// Error S-333 that names the packages to install for \p program.
Error notInstalled(const std::string& program);

/// Makes a new software TPM as a TPM's maker does: a seed, endorsement keys, and certificates for them (swtpm_setup).
///
/// The configuration of swtpm_setup and swtpm_localca is written into the authority's directory, so that the machine's
/// own configuration in /etc has no effect. Does nothing if \p options.directory holds a TPM already; one that is not whole,
/// because this program was killed while it was made, is made anew. Blocks for seconds.
/// \par Errors   S-333 (swtpm_setup is not installed: names the packages), S-399 (it failed: with its last line), S-321 (no
///               process, or no end before options.timeout)
Result<void> manufacture(const SoftwareTpmOptions& options);

} // namespace enroll::app::software_tpm

#pragma once

#include "core/base/result.h"
#include "core/base/secret_bytes.h"

#include <filesystem>

namespace enroll::system {

/// Reads a secret of at most \p most bytes from a file that only its owner can reach.
///
/// Group and others must have no permission. A credential that systemd passes to a service (in $CREDENTIALS_DIRECTORY)
/// may have permissions for the group. Checked on the open descriptor, so the file that is read is the one that was
/// checked. The secret passes through memory that is wiped, and through no other.
///
/// \par Errors   S-333 naming \p file: as openRegularFile(); others can reach it (the message says how to change that);
///               or it is longer than \p most
/// \par Source   systemd.exec(5), LoadCredential: access lists guard a credential, and stat() shows their mask in the
///               place of the group's bits
Result<SecretBytes> readSecretFile(const std::filesystem::path& file, std::size_t most);

} // namespace enroll::system

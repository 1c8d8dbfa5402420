#pragma once

#include "core/base/result.h"
#include "core/base/secret_bytes.h"

#include <filesystem>

namespace enroll::system {

/// The bytes of a file that holds a secret, at most \p most of them. The permissions are those of the very file that is
/// read: nobody but its owner may reach it; of a credential that systemd passes to a service, nobody but its group. No
/// buffer but the returned one ever holds a byte of it.
///
/// \par Errors   S-332 naming \p file: as openRegularFile(), or others can reach it (says how to close it), or too long
/// \par Source   systemd.exec(5), LoadCredential: access lists guard a credential, and stat() shows their mask in the
///               place of the group's bits
Result<SecretBytes> readSecretFile(const std::filesystem::path& file, std::size_t most);

} // namespace enroll::system

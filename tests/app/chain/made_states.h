#pragma once

#include "core/base/bytes.h"
#include "tests/support/swtpm_fixture.h"

#include <functional>

namespace enroll::test {

// What makes a device of a software TPM that is in a certain state. A step that does not succeed ends the test program.

using Make = std::function<void(const SwtpmFixture&)>;

/// NV index of the L-1 key's certificate.
inline constexpr auto kCertificate = "0x1C00002";
/// Attributes of an index that anybody may read.
inline constexpr auto kReadable = "ownerread|authread|ppread|ppwrite|platformcreate|no_da";
inline const std::string kSecret{"secret"};

/// Runs one of the tpm2-tools.
void run(const SwtpmFixture& tpm, const std::vector<std::string>& command);
Make tools(std::vector<std::vector<std::string>> commands);
Make both(const Make& first, const Make& second);

Bytes contentOf(const SwtpmFixture& tpm, const char* index);
void define(const SwtpmFixture& tpm, const char* index, const Bytes& content, const char* attributes = kReadable);
/// Makes something else of the certificate's NV index.
Make certificate(Bytes (*change)(const Bytes& der), const char* attributes = kReadable);
Bytes unchanged(const Bytes& der);

/// A key of \p hierarchy, made persistent at \p handle.
Make persistent(const std::string& hierarchy, const std::vector<std::string>& options, const std::string& handle);

} // namespace enroll::test

#pragma once

#include "core/crypto/certificate_path.h"

namespace enroll::crypto {

/// What deserves a note on a path that holds at \p time, leaf first. The leaf's dates do not, nor does the anchor's own
/// signature: the anchor is trusted because somebody imported it. Pure.
std::vector<PathNote> notesOn(std::span<const Certificate> chain, UtcTime time);

} // namespace enroll::crypto

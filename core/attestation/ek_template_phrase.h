#pragma once

#include "core/attestation/endorsement_key.h"

namespace enroll::attestation {

/// What is known of how a key was made, for people: "tcg-l1", "azure-empty-unique"; of a kind that is not known, the
/// templates that \p publicArea fits where there are several ("tcg-l1 or azure-empty-unique"), else that it fits none. A
/// word of a newer program as it is. Never empty; documents take ekTemplateText().
std::string ekTemplatePhrase(const Word<EkTemplate>& kind, ByteView publicArea);

} // namespace enroll::attestation

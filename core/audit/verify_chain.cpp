#include "core/audit/verify_chain.h"

namespace enroll::audit {
namespace {

std::string outOfPlace(std::int64_t expected, std::int64_t found)
{
    return "entry " + std::to_string(expected) + " was expected here, entry " + std::to_string(found) + " was found";
}

} // namespace

Result<std::optional<std::string>> ChainVerifier::check(const ChainEntry& entry)
{
    if (entry.seq != m_head.entries + 1) {
        return std::optional{outOfPlace(m_head.entries + 1, entry.seq)};
    }
    if (!equalBytes(entry.previousHash, m_head.hash)) {
        return std::optional<std::string>{"its previous hash differs from the hash of the entry before it"};
    }
    TRY_ASSIGN(const auto hash, entryHash(entry));
    if (!equalBytes(entry.hash, hash)) {
        return std::optional<std::string>{"its hash does not match its bytes"};
    }
    m_head = ChainHead{entry.seq, entry.hash};
    return std::optional<std::string>{};
}

} // namespace enroll::audit

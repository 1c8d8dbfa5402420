#pragma once

#include "core/audit/chain.h"

#include <optional>

namespace enroll::audit {

/// Checks a hash chain entry by entry, in constant memory. One thread.
///
/// Finds every changed, missing, moved, repeated or inserted entry, at the first entry that no longer fits. A chain
/// alone cannot show that entries were cut off its end, nor that somebody with write access computed all hashes anew:
/// for these, compare head() with a ChainHead that was kept elsewhere.
class ChainVerifier {
public:
    explicit ChainVerifier(Bytes genesis) : m_head{0, std::move(genesis)} {}
    /// Goes on behind \p proven, the end of a part that was found good before.
    explicit ChainVerifier(ChainHead proven) : m_head(std::move(proven)) {}

    /// Checks the next entry. Returns nothing if it fits, else the reason in English; then the verifier does not
    /// advance. Error S-340.
    Result<std::optional<std::string>> check(const ChainEntry& entry);

    /// The end of the part that was checked and found good.
    [[nodiscard]] const ChainHead& head() const noexcept { return m_head; }

private:
    ChainHead m_head;
};

} // namespace enroll::audit

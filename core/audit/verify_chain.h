#pragma once

#include "core/audit/chain.h"

#include <optional>

namespace enroll::audit {

/// Checks a chain entry by entry, in constant memory.
///
/// Every change of an entry's bytes, every entry that is missing, moved, repeated or put in between, is found at the
/// first entry that no longer fits. What a chain alone cannot show: that entries were cut off its end, or that somebody
/// who can write computed all hashes anew. That takes a head kept elsewhere: compare it with head().
class ChainVerifier {
public:
    explicit ChainVerifier(Bytes genesis) : m_head{0, std::move(genesis)} {}

    /// The reason why \p entry does not follow what was checked before; nothing if it does. After a fault the verifier
    /// stays where it was. Error S-340.
    Result<std::optional<std::string>> check(const ChainEntry& entry);

    /// The chain as far as it was found good.
    [[nodiscard]] const ChainHead& head() const noexcept { return m_head; }

private:
    ChainHead m_head;
};

} // namespace enroll::audit

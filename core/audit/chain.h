#pragma once

#include "core/base/bytes.h"

#include <string>

namespace enroll::audit {

/// One entry of an append-only log whose entries each vouch for all that came before.
struct ChainEntry {
    std::int64_t seq = 0; ///< 1, 2, 3, … without a gap
    std::string kind;     ///< what the body is: "run", "enrollment-record", …
    std::string at;       ///< when it was appended, UTC, as text; hashed as it stands
    Bytes body;           ///< the exact bytes that are vouched for
    Bytes previousHash;   ///< of the entry before; of the first entry: the genesis hash
    Bytes hash;           ///< entryHash() of everything above
    bool operator==(const ChainEntry&) const = default;
};

/// Where a chain stands.
struct ChainHead {
    std::int64_t entries = 0;
    Bytes hash; ///< of the last entry; of an empty chain: the genesis hash
    bool operator==(const ChainHead&) const = default;
};

/// SHA-256 that the first entry of the chain \p chainId stands on: entries of one chain never fit into another.
/// Error S-340.
Result<Bytes> genesisHash(std::string_view chainId);

/// SHA-256 over a purpose text, the previous hash, seq, kind, time and body; every part goes in with its length, so no
/// two different entries give the same input. `entry.hash` itself is not looked at. Pure. Error S-340.
Result<Bytes> entryHash(const ChainEntry& entry);

/// The entry that follows \p head, hash included. Error S-340.
Result<ChainEntry> nextEntry(const ChainHead& head, std::string_view kind, std::string_view at, ByteView body);

} // namespace enroll::audit

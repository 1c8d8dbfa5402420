#pragma once

#include "core/base/bytes.h"

#include <string>

namespace enroll::audit {

/// One entry of a hash chain: an append-only log in which the hash of each entry covers the entry before it.
struct ChainEntry {
    std::int64_t seq = 0; ///< 1, 2, 3, … without a gap
    std::string kind;     ///< what the body is: "run", "enrollment-record", …
    std::string at;       ///< time of the append in UTC, as text, hashed exactly as written
    Bytes body;           ///< the document, hashed exactly as stored
    Bytes previousHash;   ///< hash of the entry before; the genesis hash in the first entry
    Bytes hash;           ///< entryHash() of the fields above
    bool operator==(const ChainEntry&) const = default;
};

/// The end of a chain: all that is needed to append to it, and to notice that entries were cut off.
struct ChainHead {
    std::int64_t entries = 0;
    Bytes hash; ///< hash of the last entry; the genesis hash if there is none
    bool operator==(const ChainHead&) const = default;
};

/// The hash that the first entry of the chain \p chainId has as its previous one. It depends on the id, so that entries
/// of one chain do not fit into another. Error S-340.
Result<Bytes> genesisHash(std::string_view chainId);

/// SHA-256 over a purpose text and every field of \p entry but `hash`. Texts and bytes are preceded by their length (64
/// bits, big-endian), so that no two different entries give the same input. Pure; any thread. Error S-340.
Result<Bytes> entryHash(const ChainEntry& entry);

/// The entry to append after \p head, with its hash. Error S-340.
Result<ChainEntry> nextEntry(const ChainHead& head, std::string_view kind, std::string_view at, ByteView body);

} // namespace enroll::audit

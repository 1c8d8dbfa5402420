#include "core/audit/chain.h"

#include "core/crypto/digest.h"

namespace enroll::audit {
namespace {

// Each hash begins with a purpose text, so that a hash made for something else can never pass as one of the chain.
constexpr std::string_view kGenesisPurpose = "enrollment-station/journal-genesis/1";
constexpr std::string_view kEntryPurpose = "enrollment-station/journal-entry/1";

ByteWriter& appendSized(ByteWriter& out, ByteView part)
{
    return out.u64(part.size()).bytes(part);
}

} // namespace

Result<Bytes> genesisHash(std::string_view chainId)
{
    ByteWriter input;
    appendSized(input, asBytes(kGenesisPurpose));
    appendSized(input, asBytes(chainId));
    return crypto::sha256({input.view()});
}

Result<Bytes> entryHash(const ChainEntry& entry)
{
    ByteWriter head;
    appendSized(head, asBytes(kEntryPurpose));
    appendSized(head, entry.previousHash);
    head.u64(static_cast<std::uint64_t>(entry.seq));
    appendSized(head, asBytes(entry.kind));
    appendSized(head, asBytes(entry.at));
    head.u64(entry.body.size());
    return crypto::sha256({head.view(), entry.body});
}

/// The hash of an entry contains the hash before it, so that changing one entry breaks every later one.
Result<ChainEntry> nextEntry(const ChainHead& head, std::string_view kind, std::string_view at, ByteView body)
{
    ChainEntry entry{head.entries + 1, std::string{kind}, std::string{at}, toBytes(body), head.hash, {}};
    TRY_ASSIGN(entry.hash, entryHash(entry));
    return entry;
}

} // namespace enroll::audit

#include "core/attestation/activation_challenge.h"
#include "core/base/cloud_code.h"

namespace enroll::attestation {
namespace {

/// Bounds for keys up to RSA-4096 and digests up to SHA-512. The URI part comes from the
/// service and is empty in every capture; 4096 bytes are more than any URI it could hold.
constexpr std::size_t kMostIdObject = 2 + 64 + 2 + 64;
constexpr std::size_t kMostSecret = 512;
constexpr std::size_t kMostPrivate = 1024;
constexpr std::size_t kMostPublic = 256;
constexpr std::size_t kMostUri = 4096;

Result<Bytes> sizedPart(ByteReader& reader, std::size_t most, std::string_view field)
{
    TRY_ASSIGN(const auto content, reader.sized(most, field));
    return std::move(ByteWriter{}.sized(content)).take();
}

Result<ActivationBlob> readBlob(ByteView bytes)
{
    ByteReader reader{bytes};
    ActivationBlob blob;
    TRY_ASSIGN(blob.credentialBlob, sizedPart(reader, kMostIdObject, "credential blob"));
    TRY_ASSIGN(blob.encryptedSecret, sizedPart(reader, kMostSecret, "encrypted secret"));
    TRY_ASSIGN(blob.duplicate, sizedPart(reader, kMostPrivate, "duplicate"));
    TRY_ASSIGN(blob.inSymSeed, sizedPart(reader, kMostSecret, "symmetric seed"));
    TRY_ASSIGN(blob.idKeyPublic, sizedPart(reader, kMostPublic, "public area of the id key"));
    TRY_ASSIGN(blob.encryptedUri, sizedPart(reader, kMostUri, "encrypted URI"));
    TRY(reader.requireEnd("activation blob"));
    return blob;
}

} // namespace

Bytes ActivationBlob::marshal() const
{
    return concat({credentialBlob, encryptedSecret, duplicate, inSymSeed, idKeyPublic, encryptedUri});
}

Result<ActivationBlob> parseActivationBlob(ByteView bytes)
{
    auto blob = readBlob(bytes);
    if (!blob.ok()) {
        return makeError(CloudCode::AnswerMalformed, blob.error().what, "authenticationKey");
    }
    return blob;
}

} // namespace enroll::attestation

#include "core/crypto/openssl_pem.h"

#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <limits>

namespace enroll::crypto {
namespace {

/// Answers OpenSSL's question for a passphrase with a refusal, and notes in the bool at \p asked that it was asked.
int noPassphrase(char* /*buffer*/, int /*size*/, int /*forWriting*/, void* asked)
{
    *static_cast<bool*>(asked) = true;
    return -1;
}

Result<BioPtr> sourceOf(ByteView pem)
{
    if (pem.empty()) {
        return makeError(StationCode::KeyMaterialUnusable, "it is empty");
    }
    if (pem.size() > std::numeric_limits<int>::max()) {
        return makeError(StationCode::KeyMaterialUnusable, "the text is too long for PEM");
    }
    ERR_clear_error();
    BioPtr source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    if (!source) {
        return opensslError(StationCode::KeyMaterialUnusable, "the text cannot be read", "BIO_new_mem_buf");
    }
    return source;
}

} // namespace

Result<EvpPkeyPtr> privateKeyFromPem(ByteView pem)
{
    TRY_ASSIGN(const auto source, sourceOf(pem));
    bool asked = false;
    EvpPkeyPtr key{PEM_read_bio_PrivateKey(source.get(), nullptr, &noPassphrase, &asked)};
    if (!key) {
        return opensslError(StationCode::KeyMaterialUnusable,
                            asked ? "the key file is encrypted; give one without a passphrase"
                                  : "it holds no private key in PEM form",
                            "PEM_read_bio_PrivateKey");
    }
    return key;
}

Result<std::optional<PemBlock>> nextPemBlock(BIO* source)
{
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* content = nullptr;
    long size = 0;
    const int read = PEM_read_bio(source, &name, &header, &content, &size);
    const OpenSslMemoryPtr<char> ownedName{name};
    const OpenSslMemoryPtr<char> ownedHeader{header};
    const OpenSslMemoryPtr<unsigned char> ownedContent{content};
    if (read != 1) {
        if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) { // how OpenSSL reports the end of the text
            ERR_clear_error();
            return std::optional<PemBlock>{};
        }
        return opensslError(StationCode::KeyMaterialUnusable, "a PEM block is broken", "PEM_read_bio");
    }
    return std::optional{PemBlock{name, toBytes(std::as_bytes(std::span{content, static_cast<std::size_t>(size)}))}};
}

Result<std::vector<Bytes>> pemBlocksNamed(std::string_view name, ByteView pem, std::size_t most)
{
    TRY_ASSIGN(const auto source, sourceOf(pem));
    std::vector<Bytes> contents;
    for (;;) {
        TRY_ASSIGN(auto block, nextPemBlock(source.get()));
        if (!block) {
            return contents;
        }
        if (block->name != name) {
            continue;
        }
        if (contents.size() == most) {
            return makeError(StationCode::KeyMaterialUnusable,
                             "the file has more than " + std::to_string(most) + " blocks named " + std::string{name});
        }
        contents.push_back(std::move(block->content));
    }
}

Result<std::vector<X509Ptr>> x509FromPem(ByteView pem)
{
    TRY_ASSIGN(const auto source, sourceOf(pem));
    bool asked = false;
    std::vector<X509Ptr> certificates;
    while (X509Ptr next{PEM_read_bio_X509(source.get(), nullptr, &noPassphrase, &asked)}) {
        certificates.push_back(std::move(next));
    }
    const bool wholeText = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE; // how OpenSSL reports the end
    if (!wholeText || certificates.empty()) {
        return opensslError(StationCode::KeyMaterialUnusable,
                            certificates.empty() ? "it holds no certificate in PEM form" : "a certificate is broken",
                            "PEM_read_bio_X509");
    }
    ERR_clear_error();
    return certificates;
}

} // namespace enroll::crypto

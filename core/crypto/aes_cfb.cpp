#include "core/crypto/aes_cfb.h"

#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_ptr.h"

#include <array>
#include <limits>

namespace enroll::crypto {
namespace {

constexpr auto kOperation = "EVP_Cipher AES-CFB";
constexpr std::array<unsigned char, 16> kZeroIv{};

enum class Direction : int { Decrypt = 0, Encrypt = 1 };

/// Fetched once and kept for the life of the process: each fetch is a look-up through OpenSSL's providers.
const EVP_CIPHER* fetchedCipher(std::size_t keySize) noexcept
{
    static const auto* const aes128 = EVP_CIPHER_fetch(nullptr, "AES-128-CFB", nullptr);
    static const auto* const aes192 = EVP_CIPHER_fetch(nullptr, "AES-192-CFB", nullptr);
    static const auto* const aes256 = EVP_CIPHER_fetch(nullptr, "AES-256-CFB", nullptr);
    switch (keySize) {
    case 16:
        return aes128;
    case 24:
        return aes192;
    case 32:
        return aes256;
    default:
        return nullptr;
    }
}

Result<void> transform(Direction direction, ByteView key, ByteView in, std::span<std::byte> out)
{
    const auto* cipher = fetchedCipher(key.size());
    if (cipher == nullptr || in.size() > std::numeric_limits<int>::max()) {
        return makeError(StationCode::CryptoFailed,
                         "AES has no key of " + std::to_string(key.size()) + " bytes, or the text is too long");
    }
    // EVP_CipherFinal_ex() is not needed: CFB is a stream mode and holds nothing back.
    const EvpCipherCtxPtr context{EVP_CIPHER_CTX_new()};
    int written = 0;
    if (!context ||
        EVP_CipherInit_ex2(context.get(), cipher, u8(key), kZeroIv.data(), static_cast<int>(direction), nullptr) != 1 ||
        EVP_CipherUpdate(context.get(), u8(out), &written, u8(in), static_cast<int>(in.size())) != 1) {
        return opensslError(StationCode::CryptoFailed, "AES-CFB failed", kOperation);
    }
    return {};
}

} // namespace

Result<Bytes> aesCfbEncrypt(ByteView key, ByteView plain)
{
    Bytes cipher(plain.size());
    TRY(transform(Direction::Encrypt, key, plain, cipher));
    return cipher;
}

Result<SecretBytes> aesCfbDecrypt(ByteView key, ByteView cipher)
{
    SecretBytes plain{cipher.size()};
    TRY(transform(Direction::Decrypt, key, cipher, plain.writable()));
    return plain;
}

} // namespace enroll::crypto

#include "core/crypto/pem_file.h"

#include "core/crypto/base64.h"
#include "core/system/whole_file.h"

namespace enroll::crypto {

Result<Bytes> readCertificateFile(const std::filesystem::path& file)
{
    return system::readWholeFile(file, kLargestCertificateFile);
}

/// Source: RFC 7468, section 5: lines of 64 characters.
std::string pemOf(const Certificate& certificate)
{
    constexpr std::size_t kLine = 64;
    const auto content = toBase64(certificate.der());
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < content.size(); at += kLine) {
        pem.append(content, at, kLine).push_back('\n');
    }
    return pem + "-----END CERTIFICATE-----\n";
}

} // namespace enroll::crypto

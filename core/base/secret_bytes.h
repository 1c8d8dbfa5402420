#pragma once

#include "core/base/bytes.h"

namespace enroll {

/// Secret bytes, such as keys and seeds: wiped on destruction and on assignment, movable, neither copyable nor
/// printable. Never resized, so that no growing vector leaves an old copy behind.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size) : m_bytes(size) {}
    /// Takes over \p bytes; the caller's vector is left empty.
    explicit SecretBytes(Bytes&& bytes) noexcept : m_bytes(std::move(bytes)) {}
    /// Copies from \p bytes, which the caller wipes.
    static SecretBytes copyOf(ByteView bytes) { return SecretBytes{toBytes(bytes)}; }

    SecretBytes(SecretBytes&& other) noexcept : m_bytes(std::move(other.m_bytes)) { other.m_bytes.clear(); }
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes() { wipe(); }

    [[nodiscard]] ByteView view() const noexcept { return m_bytes; }
    [[nodiscard]] std::span<std::byte> writable() noexcept { return m_bytes; }
    [[nodiscard]] std::size_t size() const noexcept { return m_bytes.size(); }
    [[nodiscard]] bool empty() const noexcept { return m_bytes.empty(); }

    void wipe() noexcept;

private:
    Bytes m_bytes;
};

/// Overwrites memory with zeros, in a way that the compiler may not optimise away.
void wipeMemory(std::span<std::byte> memory) noexcept;

/// True if equal. The time depends on the lengths alone, so that a caller cannot guess a MAC byte by byte.
bool equalInConstantTime(ByteView left, ByteView right) noexcept;

} // namespace enroll

#pragma once

#include "core/base/bytes.h"

namespace enroll {

/// Bytes that nobody else may learn: wiped on destruction and when moved from, neither copyable nor printable.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size) : m_bytes(size) {}
    /// Takes over \p bytes; the caller's vector is left empty.
    explicit SecretBytes(Bytes&& bytes) noexcept : m_bytes(std::move(bytes)) {}
    /// Copies from a view the caller wipes on its own.
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

/// Overwrites memory in a way the compiler may not leave out.
void wipeMemory(std::span<std::byte> memory) noexcept;

/// True if equal; time depends on the lengths alone.
bool equalInConstantTime(ByteView left, ByteView right) noexcept;

} // namespace enroll

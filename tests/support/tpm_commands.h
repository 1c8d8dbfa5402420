#pragma once

#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"

/// Whole TPM commands and responses, for tests that speak to a TPM, or in its place, byte by byte.
namespace enroll::test {

inline Bytes frameOf(std::uint16_t tag, std::uint32_t code, ByteView rest = {})
{
    ByteWriter writer;
    writer.u16(tag).u32(static_cast<std::uint32_t>(tpm::kHeaderSize + rest.size())).u32(code).bytes(rest);
    return std::move(writer).take();
}

/// A command without sessions, or the response to one.
inline Bytes plainFrame(std::uint32_t code, ByteView rest = {})
{
    return frameOf(tpm::kTagNoSessions, code, rest);
}

/// TPM2_GetRandom.
inline Bytes getRandom(std::uint16_t count = 8)
{
    return plainFrame(tpm::command_code::kGetRandom, ByteWriter{}.u16(count).view());
}

/// TPM2_StartAuthSession for an HMAC session without salt and key.
inline Bytes startSession()
{
    constexpr std::uint32_t kNull = 0x40000007; // TPM_RH_NULL
    constexpr std::uint8_t kHmac = 0;           // TPM_SE_HMAC
    const Bytes nonce(16);
    ByteWriter rest;
    rest.u32(kNull).u32(kNull).sized(nonce).sized({}).u8(kHmac).u16(0x0010).u16(0x000B);
    return plainFrame(tpm::command_code::kStartAuthSession, rest.view());
}

/// An authorization with an empty password: the size of the area, then the area.
inline Bytes emptyPassword()
{
    ByteWriter writer;
    writer.u32(9).u32(0x40000009).u16(0).u8(0).u16(0); // TPM_RS_PW
    return std::move(writer).take();
}

/// TPM2_CreatePrimary of a storage key on P-256 under the owner.
inline Bytes createPrimary()
{
    ByteWriter area;
    area.u16(0x0023).u16(0x000B).u32(0x00030472).sized({}); // ECC, SHA-256; restricted, decrypt, noDA
    area.u16(0x0006).u16(128).u16(0x0043);                  // AES-128 in CFB mode
    area.u16(0x0010).u16(0x0003).u16(0x0010).sized({}).sized({});
    ByteWriter rest;
    rest.u32(0x40000001).bytes(emptyPassword());
    rest.sized(ByteWriter{}.sized({}).sized({}).view()).sized(area.view()).sized({}).u32(0);
    return frameOf(tpm::kTagSessions, tpm::command_code::kCreatePrimary, rest.view());
}

/// TPM2_EvictControl under the owner.
inline Bytes evictControl(std::uint32_t objectHandle, std::uint32_t persistentHandle)
{
    ByteWriter rest;
    rest.u32(0x40000001).u32(objectHandle).bytes(emptyPassword()).u32(persistentHandle);
    return frameOf(tpm::kTagSessions, tpm::command_code::kEvictControl, rest.view());
}

/// TPM2_FlushContext.
inline Bytes flushContext(std::uint32_t handle)
{
    return plainFrame(tpm::command_code::kFlushContext, ByteWriter{}.u32(handle).view());
}

/// TPM2_Clear under lockout.
inline Bytes clearTpm()
{
    return frameOf(tpm::kTagSessions, 0x126, ByteWriter{}.u32(0x4000000A).bytes(emptyPassword()).view());
}

/// The code of a response.
inline std::uint32_t codeOf(ByteView response)
{
    ByteReader reader{response.subspan(6)};
    return reader.u32("responseCode").value();
}

/// The handle that a response brings.
inline std::uint32_t handleIn(ByteView response)
{
    ByteReader reader{response.subspan(tpm::kHeaderSize)};
    return reader.u32("handle").value();
}

} // namespace enroll::test

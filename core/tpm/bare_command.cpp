#include "core/tpm/bare_command.h"

#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/tpm_error.h"

namespace enroll::tpm {

Result<Bytes> runBare(TpmExchange& exchange, std::uint32_t code, ByteView sent)
{
    TRY_ASSIGN(const auto frame, exchange.run(sent));
    ByteReader reader{ByteView{frame}.subspan(6), DeviceCode::TpmResponseMalformed};
    TRY_ASSIGN(const auto rc, reader.u32("responseCode"));
    if (rc != 0) {
        return tpmError(rc, std::string{traitsOf(code).name});
    }
    return toBytes(reader.rest());
}

Result<Bytes> runBare(TpmExchange& exchange, std::uint32_t code, std::initializer_list<std::uint32_t> numbers)
{
    ByteWriter command;
    command.u16(kTagNoSessions).u32(static_cast<std::uint32_t>(kHeaderSize + 4 * numbers.size())).u32(code);
    for (const auto number : numbers) {
        command.u32(number);
    }
    return runBare(exchange, code, command.view());
}

} // namespace enroll::tpm

// Question and answer of an enroll-agent. The first byte says which of the two the rest is. What is accepted is plain text
// within its bounds, and is written and read back the same.

#include "core/base/text.h"
#include "core/tpm/agent_announcement.h"

#include <cstdlib>

namespace {

using namespace enroll;

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

bool isPlain(const std::string& text)
{
    return printableText(text) == text;
}

void readAnswer(ByteView bytes)
{
    const auto said = tpm::parseAgentAnswer(bytes);
    if (!said) {
        return;
    }
    require(said->protocol != 0 && isPlain(said->serialNumber) && isPlain(said->tpm));
    require(said->serialNumber.size() <= tpm::kMostSerialBytes && said->tpm.size() <= tpm::kMostNodeBytes);
    const auto written = tpm::encodeAgentAnswer(*said);
    require(said->protocol > tpm::kAgentProtocol ? written.size() <= bytes.size() : equalBytes(written, bytes));
    const auto again = tpm::parseAgentAnswer(written);
    require(again.ok() && *again == *said);
}

void readQuestion(ByteView bytes)
{
    const auto protocol = tpm::parseAgentQuestion(bytes);
    require(!protocol || *protocol != 0);
    require(!protocol || *protocol != tpm::kAgentProtocol || equalBytes(bytes, tpm::encodeAgentQuestion()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const auto bytes = std::as_bytes(std::span{data, size});
    if ((data[0] & 1U) != 0) {
        readAnswer(bytes.subspan(1));
    } else {
        readQuestion(bytes.subspan(1));
    }
    return 0;
}

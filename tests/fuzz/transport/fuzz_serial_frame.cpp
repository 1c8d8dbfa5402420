// Frames on a serial line: whatever comes, in whatever parts, the frames are those that stand in it, and the next whole one is found.

#include "core/transport/serial_frame.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

using namespace enroll;
using namespace enroll::transport;

namespace {

void require(bool condition)
{
    if (!condition) {
        std::abort();
    }
}

/// What comes from \p line in parts of \p size.
SerialReception takenInParts(SerialFrameDecoder& decoder, ByteView line, std::size_t size)
{
    SerialReception all;
    while (!line.empty()) {
        const auto part = line.first(std::min(size, line.size()));
        line = line.subspan(part.size());
        auto some = decoder.take(part);
        std::ranges::move(some.frames, std::back_inserter(all.frames));
        all.stray.insert(all.stray.end(), some.stray.begin(), some.stray.end());
    }
    return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const auto line = std::as_bytes(std::span{data, size}).subspan(1);
    SerialFrameDecoder whole;
    const auto reception = whole.take(line);
    SerialFrameDecoder parted;
    const auto inParts = takenInParts(parted, line, std::size_t{data[0]} + 1);
    require(inParts.frames == reception.frames && inParts.stray == reception.stray);
    require(parted.damaged() == whole.damaged() && reception.stray.size() <= line.size());

    auto from = line.begin();
    for (const auto& frame : reception.frames) { // a frame has one form alone
        const auto sent = encodeSerialFrame(frame);
        const auto found = std::search(from, line.end(), sent.begin(), sent.end());
        require(found != line.end());
        from = found + static_cast<std::ptrdiff_t>(sent.size());
    }
    const SerialFrame next{SerialKind::Response, 1, 2,
                           toBytes(line.first(std::min(line.size(), kLongestSerialPayload)))};
    require(whole.take(encodeSerialFrame(next)).frames == std::vector{next});
    return 0;
}

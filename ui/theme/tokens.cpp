#include "ui/theme/tokens.h"

namespace enroll::ui {
namespace {

constexpr QColor rgb(int value)
{
    return {(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff};
}

// clang-format off
const Tokens kLight{
    .window = rgb(0xE8EBEF), .surface = rgb(0xFFFFFF), .raised = rgb(0xF4F6F8),
    .line = rgb(0xD4D9E0), .control = rgb(0x7C8594),
    .ink = rgb(0x14181F), .ink2 = rgb(0x434B57), .ink3 = rgb(0x5A6270),
    .selection = rgb(0xDDE4EC), .hover = rgb(0xEDF0F4),
    .primary = rgb(0x1E2530), .onPrimary = rgb(0xFFFFFF),
    .track = rgb(0xD4D9E0), .ready = rgb(0x5A6270),
    .pass = {rgb(0x00573F), rgb(0xFFFFFF)},
    .fail = {rgb(0xC23B00), rgb(0xFFFFFF)},
    .running = {rgb(0x1B72CC), rgb(0xFFFFFF)},
    .hold = {rgb(0xF2B705), rgb(0x14181F)},
    .station = {rgb(0x5B1A6B), rgb(0xFFFFFF)},
};

const Tokens kDark{
    .window = rgb(0x0B0E12), .surface = rgb(0x151A20), .raised = rgb(0x1C222A),
    .line = rgb(0x2D3540), .control = rgb(0x76808F),
    .ink = rgb(0xF0F2F5), .ink2 = rgb(0xC3CAD4), .ink3 = rgb(0x9CA6B4),
    .selection = rgb(0x2B3645), .hover = rgb(0x202730),
    .primary = rgb(0xE6EAF0), .onPrimary = rgb(0x0B0E12),
    .track = rgb(0x323B47), .ready = rgb(0xAEB6C2),
    .pass = {rgb(0x3FBF97), rgb(0x0B0E12)},
    .fail = {rgb(0xFF7A45), rgb(0x0B0E12)},
    .running = {rgb(0x8CC4FF), rgb(0x0B0E12)},
    .hold = {rgb(0xFFD95A), rgb(0x0B0E12)},
    .station = {rgb(0xC77DD6), rgb(0x0B0E12)},
};
// clang-format on

} // namespace

const Tokens& tokensOf(Shade shade)
{
    return shade == Shade::Dark ? kDark : kLight;
}

} // namespace enroll::ui

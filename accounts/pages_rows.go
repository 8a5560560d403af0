package accounts

import (
	"context"

	"cloudbm/web/parts"
)

func deviceRows(ctx context.Context, all []Session, here string) [][]parts.Cell {
	var out [][]parts.Cell
	for _, s := range all {
		out = append(out, []parts.Cell{{Text: deviceName(s.Agent).Here(ctx)}, {Text: s.IP}, {Text: s.Door.Name().Here(ctx)},
			{Text: stamp(s.Created)}, {Text: stamp(s.Seen)}, {Rich: endButton(s, s.ID == here)}})
	}
	return out
}

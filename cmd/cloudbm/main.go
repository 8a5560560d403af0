// Command cloudbm is the building-permit counter: serve runs it, demo runs it with fictional people and lived-in cases,
// the other commands look after it. Run cloudbm --help.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

type cli struct {
	Config

	Serve   serveCmd   `cmd:"" help:"Run the counter."`
	Demo    demoCmd    `cmd:"" help:"Run the counter with fictional people and lived-in cases."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to date."`
	Admin   adminCmd   `cmd:"" help:"Make the first administrator; prints a one-time link."`
	CardSim cardSimCmd `cmd:"" name:"cardsim" help:"Simulate the card component, with fictional cards and authorities."`
	Check   checkCmd   `cmd:"" help:"Look over configuration, database, files and every case's log before serving."`

	Verify verifyCmd `cmd:"" help:"Verify the archive of a round, off line: prints what was found; ends with 0, 1 or 2."`

	HealthSim healthSimCmd `cmd:"" name:"healthsim" help:"Simulate health card component and verification service, with fictional cards."`
}

func main() {
	var c cli
	ctx := kong.Parse(&c, kong.Name("cloudbm"), kong.Description("新建築執照線上申請書電子化書圖文件送件繳交系統"), kong.UsageOnError())
	var ended outcome
	switch err := ctx.Run(&c.Config); {
	case errors.As(err, &ended):
		os.Exit(int(ended))
	case err != nil:
		fmt.Fprintln(os.Stderr, "cloudbm:", err)
		os.Exit(1)
	}
}

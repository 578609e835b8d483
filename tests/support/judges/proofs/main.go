// Judges a log's claims by golang.org/x/mod/sumdb: note opens the checkpoints, tlog checks the proofs.
//
// It reads claims as JSON from its standard input, and writes a line for each: "holds", or why not.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type claim struct {
	Kind       string // "checkpoint", "inclusion", "consistency" or "leaf"
	Vkey       string
	Checkpoint []byte
	Origin     string
	Size       int64
	Root       []byte
	Before     int64
	OldRoot    []byte
	Index      int64
	Leaf       []byte
	Entry      []byte
	Proof      [][]byte
}

func hash(b []byte) (h tlog.Hash) {
	copy(h[:], b)
	return
}

func hashes(proof [][]byte) []tlog.Hash {
	all := make([]tlog.Hash, len(proof))
	for i, p := range proof {
		all[i] = hash(p)
	}
	return all
}

func judge(c claim) error {
	switch c.Kind {
	case "checkpoint":
		verifier, err := note.NewVerifier(c.Vkey)
		if err != nil {
			return err
		}
		opened, err := note.Open(c.Checkpoint, note.VerifierList(verifier))
		if err != nil {
			return err
		}
		want := fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, hash(c.Root))
		if opened.Text != want {
			return fmt.Errorf("it says %q, not %q", opened.Text, want)
		}
		return nil
	case "inclusion":
		return tlog.CheckRecord(hashes(c.Proof), c.Size, hash(c.Root), c.Index, hash(c.Leaf))
	case "consistency":
		return tlog.CheckTree(hashes(c.Proof), c.Size, hash(c.Root), c.Before, hash(c.OldRoot))
	case "leaf":
		if tlog.RecordHash(c.Entry) != hash(c.Leaf) {
			return fmt.Errorf("the entry has another hash")
		}
		return nil
	}
	return fmt.Errorf("no such claim: %s", c.Kind)
}

func main() {
	var claims []claim
	if err := json.NewDecoder(os.Stdin).Decode(&claims); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for _, c := range claims {
		if err := judge(c); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		fmt.Println("holds")
	}
}
